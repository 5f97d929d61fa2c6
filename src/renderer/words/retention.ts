/** What a topic takes on disk, and how long its records are kept, in words. */
import type { DiskUse, KnownRetention, Limit, TopicRetention, Untold } from '../../shared/topicStorage';
import { bytes, count, counted } from './numbers';
import { duration } from './times';

/** "kept 7 days, up to 1 GB per partition"; "kept for ever". */
export function limitWords({ ms, bytes: most }: { readonly ms: Limit; readonly bytes: Limit }): string {
  if (most === null) return ms === null ? 'kept for ever' : `kept ${duration(ms)}`;
  const size = `up to ${bytes(most)} per partition`;
  return ms === null ? `kept ${size}` : `kept ${duration(ms)}, ${size}`;
}

/** Whether everything that holds is the cluster's default. */
const isDefault = ({ ms, bytes: most }: KnownRetention) => !ms.own && !most.own;

/** "kept 7 days (default)"; "latest per key (compacted), kept 7 days". */
export function retentionWords(retention: TopicRetention): string {
  if (retention.kind !== 'known') return untoldWords(retention, 'retention');
  const { ms, bytes: most, deletes, compacts } = retention;
  const limits = limitWords({ ms: ms.value, bytes: most.value });
  const latest = 'latest per key (compacted)';
  if (!deletes) return compacts ? latest : 'kept for ever';
  if (compacts && limits === 'kept for ever') return latest;
  const whose = isDefault(retention) ? ' (default)' : '';
  return `${compacts ? `${latest}, ` : ''}${limits}${whose}`;
}

/** "4.2 MB on disk"; "at least 4.2 MB on disk" while some replicas cannot be seen. */
export function diskWords(disk: DiskUse): string {
  if (disk.kind !== 'known') return untoldWords(disk, 'size');
  return `${disk.missing > 0 ? 'at least ' : ''}${bytes(disk.bytes)} on disk`;
}

/** Which replicas a size counts: "all 6 replicas of 3 partitions counted". */
export function replicaWords({ replicas, missing }: Extract<DiskUse, { kind: 'known' }>, partitions: number): string {
  const of = counted(partitions, 'partition');
  if (missing > 0) {
    return `${count(replicas)} of ${counted(replicas + missing, 'replica')} of ${of} counted; the brokers or disks of the others are away`;
  }
  if (replicas <= partitions) return `${of}, one replica each`;
  return `all ${counted(replicas, 'replica')} of ${of} counted`;
}

function untoldWords({ kind }: Untold, what: 'size' | 'retention' | 'size and retention'): string {
  switch (kind) {
    case 'unsupported':
      return `${what} not told by this Kafka`;
    case 'denied':
      return `no right to see its ${what}`;
    case 'away':
      return `${what} not known`;
  }
}

/** The same as a sentence that says what to do. */
export function untoldSentence({ kind }: Untold, what: 'size' | 'retention'): string {
  const right = what === 'size' ? 'Describe on the cluster' : 'DescribeConfigs on the topic';
  switch (kind) {
    case 'unsupported':
      return `This cluster is too old to tell the ${what} of a topic (Kafka ${what === 'size' ? '1.0' : '0.11'} and newer do).`;
    case 'denied':
      return `The cluster does not let this user see the ${what}. Ask its owner for the right to (${right}).`;
    case 'away':
      return `The cluster does not answer with the ${what} at the moment. It is asked again.`;
  }
}

/** A row's line: "4.2 MB on disk · kept 7 days (default)". Empty until it is known. */
export function storageWords(disk: DiskUse | undefined, retention: TopicRetention | undefined): string {
  if (disk === undefined || retention === undefined) return '';
  if (disk.kind === 'known' || retention.kind !== disk.kind) return `${diskWords(disk)} · ${retentionWords(retention)}`;
  return disk.kind === 'denied' ? 'size and retention: no right to see them' : untoldWords(disk, 'size and retention');
}
