/** Reads a partition's files at start: what is whole is offered, what is damaged and all behind it is set aside. */
import type { Steps } from '../turns.ts';
import type { BatchHeader } from '../wire/recordBatch.ts';
import type { FileSystem } from './fileSystem.ts';
import { Segment } from './segment.ts';
import { droppedName, type SegmentFile, sortFiles } from './segmentFiles.ts';
import type { SegmentList } from './segmentList.ts';

export interface RecoveryEvents {
  problem(message: string, details: Readonly<Record<string, unknown>>): void;
  /** Told of each good batch, in order. */
  batch(header: BatchHeader, bytes: () => Buffer): void;
}

/**
 * Fills the list, which is empty, and leaves it with an active segment.
 *
 * @param verifyFrom offset from which on checksums are computed
 */
export function* recoverSegments(
  fileSystem: FileSystem,
  folder: string,
  segments: SegmentList,
  verifyFrom: number,
  events: RecoveryEvents,
): Steps<void> {
  const { segments: files, leftovers } = sortFiles(fileSystem.list(folder));
  for (const name of leftovers) removeLeftover(fileSystem, folder, name, events);
  const setAside = ({ name, baseOffset }: SegmentFile) => {
    events.problem('a segment behind damaged bytes was dropped', { folder, segment: baseOffset });
    fileSystem.rename(`${folder}/${name}`, `${folder}/${droppedName(baseOffset)}`);
  };
  /** Where the log goes on if not behind its last segment. */
  let resumeAt: number | undefined;
  let broken = false;
  for (const file of files) {
    const last = segments.all().at(-1);
    if (broken || (last !== undefined && file.baseOffset < last.nextOffset)) {
      // What follows a hole cannot be offered: consumers take offsets to be in order and without gaps of ours.
      setAside(file);
      continue;
    }
    const { segment, cutBytes } = yield* Segment.recovering(fileSystem, folder, file, verifyFrom, events.batch);
    if (cutBytes > 0) {
      broken = true;
      const nextOffset = segment?.nextOffset ?? file.baseOffset;
      const details = { folder, segment: file.baseOffset, cutBytes, nextOffset };
      events.problem('damaged bytes at the end of a segment were cut off', details);
    }
    resumeAt = file.compacted?.endOffset;
    if (segment === undefined) setAside(file);
    else segments.push(segment);
  }
  // Nothing is ever appended to a compacted segment, and no offset is given twice.
  if (segments.isEmpty || resumeAt !== undefined) {
    segments.push(Segment.create(fileSystem, folder, resumeAt ?? 0));
  }
}

/** What a compaction that a crash cut short has written, or had already replaced. */
function removeLeftover(fileSystem: FileSystem, folder: string, name: string, events: RecoveryEvents): void {
  try {
    fileSystem.remove(`${folder}/${name}`);
  } catch (error) {
    events.problem('a left-over file could not be removed', { folder, name, error: String(error) });
  }
}
