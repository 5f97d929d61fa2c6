/** Setting how long a topic keeps its records, with a way back for the setting; never for the records. */
import type { KnownRetention, RetentionChange, TopicStorage } from '../../shared/topicStorage';
import { undoOf } from '../topics/retentionForm';
import { retentionWords } from '../words/retention';
import { shorten } from '../words/showText';
import { ask } from './command';
import { useMain } from './mainState';
import { toast } from './toasts';

/** Put in place before the event about it arrives. */
export const withStorage = (all: readonly TopicStorage[], storage: TopicStorage): TopicStorage[] =>
  all.map((one) => (one.name === storage.name ? storage : one));

async function change(topic: string, wanted: RetentionChange) {
  const done = await ask('topics.setRetention', { topic, change: wanted });
  const storage = done.ok ? done.value : null;
  if (storage) useMain.setState(({ topicStorage }) => ({ topicStorage: withStorage(topicStorage, storage) }));
  return done;
}

const nowWords = (topic: string, storage: TopicStorage | null) =>
  `Records of ${shorten(topic, 60)}: ${storage ? retentionWords(storage.retention) : 'the topic has gone meanwhile'}.`;

/** @returns what went wrong, in words; empty when nothing did. */
export async function setRetention(topic: string, wanted: RetentionChange, before: KnownRetention): Promise<string> {
  const { profile } = useMain.getState().connection.cluster;
  const done = await change(topic, wanted);
  if (!done.ok) return `${done.error.message} ${done.error.action}`;
  toast({
    level: 'info',
    message: nowWords(topic, done.value),
    button: { label: 'Undo', act: () => void undo(topic, undoOf(before), profile) },
  });
  return '';
}

async function undo(topic: string, back: RetentionChange, profile: string): Promise<void> {
  // Another cluster may have a topic of the same name.
  if (useMain.getState().connection.cluster.profile !== profile) {
    const action = 'Switch back to it, and set the retention there.';
    toast({ level: 'error', message: 'The cluster that it was set on is no longer in use.', action });
    return;
  }
  const done = await change(topic, back);
  if (done.ok) {
    const action = 'It is set back; records that Kafka has deleted meanwhile stay deleted.';
    toast({ level: 'info', message: nowWords(topic, done.value), action });
  } else toast({ level: 'error', message: done.error.message, action: done.error.action });
}
