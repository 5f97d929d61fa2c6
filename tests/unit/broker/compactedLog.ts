/** A partition as a broker keeps it, with what the journal knows of it, for tests of what becomes of its records. */
import { compact } from '../../../src/broker/log/compaction.ts';
import { cleanableOf } from '../../../src/broker/log/logCleaner.ts';
import { PartitionLog } from '../../../src/broker/log/partitionLog.ts';
import { logSettings, type TopicOverrides } from '../../../src/broker/log/topicConfig.ts';
import { atOnce } from '../../../src/broker/turns.ts';
import { readBatchHeader } from '../../../src/broker/wire/recordBatch.ts';
import type { MemoryFileSystem } from './memoryFileSystem.ts';
import { type FoundRecord, recordsOf } from './sampleBatch.ts';

export const FOLDER = '/data/topics/t/0';

export class CompactedLog {
  log: PartitionLog;
  readonly problems: string[] = [];
  cleanedTo = 0;

  constructor(
    readonly fileSystem: MemoryFileSystem,
    private readonly overrides: TopicOverrides,
    readonly startOffset = 0,
  ) {
    this.log = this.open(startOffset);
  }

  private open(startOffset: number): PartitionLog {
    const events = { dirty() {}, problem: (message: string) => this.problems.push(message) };
    return atOnce(PartitionLog.opening(this.fileSystem, FOLDER, logSettings(this.overrides), 0, events, startOffset));
  }

  append(batch: Buffer, now: number): number {
    const result = this.log.append(batch, now);
    if (result.kind === 'refused') throw new Error(`${result.errorCode} ${result.message}`);
    return result.baseOffset;
  }

  async restart(): Promise<void> {
    await this.log.close();
    this.log = this.open(this.log.startOffset);
  }

  /** Compacts all that may be, whatever the share of what is new; false if there is nothing new. */
  async compact(now: number, maxKeys = 1000): Promise<boolean> {
    while (this.log.isDirty) await this.log.flush();
    const cleanable = cleanableOf(this.log, this.cleanedTo, now);
    if (cleanable.dirtyRatio === 0) return false;
    this.cleanedTo = await compact(this.log, { ...cleanable, now, maxKeys, pause: () => undefined });
    return true;
  }

  /** All records from the start on, as fetches find them that take so many bytes each. */
  records(bytesEach = 1 << 20): FoundRecord[] {
    const found: FoundRecord[] = [];
    for (let offset = this.log.startOffset; offset < this.log.nextOffset; ) {
      const bytes = this.log.read(offset, bytesEach, true);
      if (bytes.length === 0) break;
      const from = offset;
      found.push(...recordsOf(bytes).filter((record) => record.offset >= from));
      for (let at = 0; at < bytes.length; at += readBatchHeader(bytes, at).sizeInBytes) {
        offset = readBatchHeader(bytes, at).lastOffset + 1;
      }
    }
    return found;
  }

  files(): string[] {
    return [...this.fileSystem.files.keys()]
      .filter((path) => path.startsWith(FOLDER))
      .map((path) => path.slice(FOLDER.length + 1))
      .sort();
  }
}
