/**
 * The names of a partition's files, and which of them count.
 *
 *   `<base offset>.log` a segment as it was produced: batches without gaps between their offsets
 *   `<base offset>-<end offset>-<pass>.<seal>.log` a compacted one, for all offsets in [base, end), some of which are missing
 *   `<base offset>.cleaning` one that is being compacted
 *   `<base offset>.dropped` one that was set aside because of damage
 *
 * As the name says what a compacted segment stands for, one rename puts it in the place of many; of two for the same offsets,
 * that of the later pass counts. The seal is a
 * checksum of its batches' base offsets (batchScan.ts): no other covers them, and where gaps are allowed a wrong one would
 * not show by its place.
 */

export interface CompactedRange {
  /** Exclusive. */
  readonly endOffset: number;
  /** How often it has been compacted, from 1 on. */
  readonly pass: number;
  readonly seal: number;
}

export interface SegmentFile {
  readonly name: string;
  readonly baseOffset: number;
  readonly compacted: CompactedRange | undefined;
}

const twentyDigits = (offset: number) => String(offset).padStart(20, '0');

export function segmentName(baseOffset: number): string {
  return `${twentyDigits(baseOffset)}.log`;
}

export function compactedName(baseOffset: number, { endOffset, pass, seal }: CompactedRange): string {
  const sealDigits = (seal >>> 0).toString(16).padStart(8, '0');
  return `${twentyDigits(baseOffset)}-${twentyDigits(endOffset)}-${pass}.${sealDigits}.log`;
}

export function cleaningName(baseOffset: number): string {
  return `${twentyDigits(baseOffset)}.cleaning`;
}

export function droppedName(baseOffset: number): string {
  return `${baseOffset}.dropped`;
}

export function parseSegmentName(name: string): SegmentFile | undefined {
  const plain = /^(\d{20})\.log$/.exec(name);
  if (plain !== null) return { name, baseOffset: Number(plain[1]), compacted: undefined };
  const [, base, end, pass, seal = ''] = /^(\d{20})-(\d{20})-(\d{1,9})\.([0-9a-f]{8})\.log$/.exec(name) ?? [];
  if (base === undefined) return undefined;
  const compacted = { endOffset: Number(end), pass: Number(pass), seal: Number.parseInt(seal, 16) };
  return { name, baseOffset: Number(base), compacted };
}

/** The files that make up the log, in order, and those that a crash left behind: unfinished ones, or replaced ones. */
export function sortFiles(names: readonly string[]): { segments: SegmentFile[]; leftovers: string[] } {
  const leftovers = names.filter((name) => name.endsWith('.cleaning'));
  const end = ({ baseOffset, compacted }: SegmentFile) => compacted?.endOffset ?? baseOffset;
  const pass = ({ compacted }: SegmentFile) => compacted?.pass ?? 0;
  const found = names
    .map(parseSegmentName)
    .filter((file) => file !== undefined)
    .sort((one, other) => one.baseOffset - other.baseOffset || end(other) - end(one) || pass(other) - pass(one));
  const segments: SegmentFile[] = [];
  let covered = 0;
  for (const file of found) {
    if (file.baseOffset < covered) {
      leftovers.push(file.name);
      continue;
    }
    segments.push(file);
    covered = Math.max(covered, end(file));
  }
  return { segments, leftovers };
}
