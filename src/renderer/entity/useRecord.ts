/** The record behind a fix. A busy entity moves many times a second; its record is fetched at most once in one. */
import { useEffect, useRef, useState } from 'react';
import type { CommandError, KafkaRecord } from '../../shared/contract';
import { ask } from '../state/command';

export interface RecordState {
  /** The newest that has arrived; it stays while the next one is on its way. */
  readonly record: KafkaRecord | null;
  /** Why the newest one could not be had. */
  readonly error: CommandError | null;
}

const AT_MOST_EVERY_MS = 1_000;

export function useRecord(topic: string, partition: number, offset: string): RecordState {
  const [state, setState] = useState<RecordState>({ record: null, error: null });
  const asked = useRef(Number.NEGATIVE_INFINITY);
  const latest = useRef('');

  useEffect(() => {
    const wanted = `${topic}/${partition}/${offset}`;
    latest.current = wanted;
    const wait = Math.max(0, asked.current + AT_MOST_EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      asked.current = performance.now();
      void ask('records.get', { topic, partition, offset }).then((result) => {
        if (result.ok) setState({ record: result.value, error: null });
        // Of a record that is no longer the newest, a failure is of no interest.
        else if (latest.current === wanted) setState({ record: null, error: result.error });
      });
    }, wait);
    return () => clearTimeout(timer);
  }, [topic, partition, offset]);

  return state;
}
