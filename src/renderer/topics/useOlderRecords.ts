/** How many records of a topic are older than some age, asked once the age has rested for a moment. */
import { useEffect, useState } from 'react';
import type { RecordsBefore } from '../../shared/topicStorage';
import { ask } from '../state/command';

const REST_MS = 300;

/** @param ms null: nobody wants to know. Answers null when the cluster cannot be asked. */
export function useOlderRecords(topic: string, ms: number | null): RecordsBefore | 'asking' | null {
  const [answer, setAnswer] = useState<{ readonly ms: number; readonly older: RecordsBefore | null } | null>(null);
  useEffect(() => {
    if (ms === null) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      const result = await ask('topics.recordsBefore', { topic, ms });
      if (wanted) setAnswer({ ms, older: result.ok ? result.value : null });
    }, REST_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [topic, ms]);
  if (ms === null) return null;
  return answer?.ms === ms ? answer.older : 'asking';
}
