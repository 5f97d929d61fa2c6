/** The files of one partition: which there are, which of them the disk has for certain, and how they come and go. */
import type { Steps } from '../turns.ts';
import type { BatchHeader } from '../wire/recordBatch.ts';
import { FileRemovals } from './fileRemovals.ts';
import type { FileSystem } from './fileSystem.ts';
import { recoverSegments } from './recoverSegments.ts';
import { Segment } from './segment.ts';
import { cleaningName } from './segmentFiles.ts';
import { SegmentList } from './segmentList.ts';

export type TellProblem = (message: string, details: Readonly<Record<string, unknown>>) => void;

export class LogFiles {
  readonly segments = new SegmentList();
  /** Rolled segments whose last bytes are not known to be on the disk. */
  private unsynced: readonly Segment[] = [];
  private readonly removals: FileRemovals;
  private closed = false;

  constructor(
    private readonly fileSystem: FileSystem,
    readonly folder: string,
    private readonly problem: TellProblem,
  ) {
    this.removals = new FileRemovals(fileSystem, problem);
  }

  get active(): Segment {
    return this.segments.active;
  }

  /** Reads what is there; `batch` is told of each good one, in order. */
  *recovering(verifyFrom: number, batch: (header: BatchHeader, bytes: () => Buffer) => void): Steps<void> {
    this.fileSystem.makeFolder(this.folder);
    yield* recoverSegments(this.fileSystem, this.folder, this.segments, verifyFrom, { problem: this.problem, batch });
    if (this.active.nextOffset > verifyFrom) this.unsynced = this.segments.all().slice(0, -1);
  }

  /** Goes on at an offset that is behind all there are. */
  beginAt(offset: number): void {
    this.segments.push(Segment.create(this.fileSystem, this.folder, offset));
  }

  /** Begins a new segment. Throws if the disk refuses. */
  roll(): void {
    const full = this.active;
    const fresh = Segment.create(this.fileSystem, this.folder, full.nextOffset);
    this.fileSystem.syncFolder(this.folder);
    this.unsynced = [...this.unsynced, full];
    this.segments.push(fresh);
  }

  /** Brings all of it to the disk, off the main thread. */
  async sync(): Promise<void> {
    const rolled = this.unsynced;
    await Promise.all([...rolled, this.active].map((segment) => segment.syncLater()));
    // One that was rolled meanwhile may have grown after its sync: it stays for the next one.
    this.unsynced = this.unsynced.filter((segment) => !rolled.includes(segment));
  }

  /** Whole segments below the offset go, as far as the disk has them. */
  removeBelow(offset: number): void {
    for (const segment of this.segments.takeBelow(offset, (old) => this.unsynced.includes(old))) {
      segment.close();
      this.removals.add(segment.path);
    }
  }

  /** What is below the offset need not come to the disk any more. */
  forgetBelow(offset: number): void {
    this.unsynced = this.unsynced.filter((segment) => segment.nextOffset > offset);
    this.removeBelow(offset);
  }

  /** Segments that can be compacted: nothing will be appended to them, and they are on the disk. */
  settled(): readonly Segment[] {
    const all = this.segments.all().slice(0, -1);
    const unsynced = all.findIndex((segment) => this.unsynced.includes(segment));
    return unsynced < 0 ? all : all.slice(0, unsynced);
  }

  /** Where something new can be written that may take the place of segments. */
  beginCompacted(baseOffset: number): Segment {
    return Segment.create(this.fileSystem, this.folder, baseOffset, cleaningName(baseOffset));
  }

  abandonCompacted(segment: Segment): void {
    segment.close();
    this.removals.add(segment.path);
  }

  /**
   * Puts one segment, which is on the disk, in the place of those in a row that it was made of. False if they are no longer
   * there, or the log has been closed: nothing has changed then. Throws if the disk refuses.
   *
   * @param seal of its batches (batchScan.ts)
   */
  replace(former: readonly Segment[], fresh: Segment, endOffset: number, seal: number): boolean {
    if (this.closed || !this.segments.has(former)) return false;
    const pass = 1 + former.reduce((most, { compacted }) => Math.max(most, compacted?.pass ?? 0), 0);
    fresh.publish(this.fileSystem, this.folder, { endOffset, pass, seal });
    this.segments.replace(former, fresh);
    for (const segment of former) segment.close();
    try {
      this.fileSystem.syncFolder(this.folder);
      for (const { path } of former) this.removals.add(path);
    } catch (error) {
      // Until the rename has come to the disk, the old files are all that there is for certain: the next start sorts them.
      this.problem('the disk refused to sync a folder', { folder: this.folder, error: String(error) });
    }
    return true;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const segment of this.segments.all()) segment.close();
    await this.removals.ended();
  }
}
