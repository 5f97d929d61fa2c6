/** What is on its way to the cluster, and how it is sent, in words. */
import type { Compression, Connection } from '../../shared/contract';
import { counted } from './numbers';

export interface SendingWords {
  readonly tone: 'busy' | 'warning' | 'bad';
  readonly text: string;
}

/** Null while nothing waits. */
export function sendingWords({ records, full, trouble }: Connection['sending']): SendingWords | null {
  if (records === 0 && !full && trouble === null) return null;
  const waiting = `${counted(records, 'record')} on ${records === 1 ? 'its' : 'their'} way`;
  if (trouble !== null) return { tone: 'bad', text: `${waiting}: ${trouble}` };
  return full ? { tone: 'warning', text: `${waiting}, queue full: sending waits` } : { tone: 'busy', text: waiting };
}

export const compressionChoices: readonly { readonly value: Compression; readonly label: string }[] = [
  { value: 'none', label: 'none' },
  { value: 'gzip', label: 'gzip' },
  { value: 'snappy', label: 'Snappy' },
  { value: 'lz4', label: 'LZ4' },
  { value: 'zstd', label: 'Zstandard' },
];
