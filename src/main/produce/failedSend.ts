/** What a send that failed means for whoever goes on sending. */
import type { KafkaError } from '../kafka/kafkaError';

/** The cluster will take nothing more from this user, or not on this topic: there is no use in going on. */
const FINAL = new Set([
  'READ_ONLY',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'UNSUPPORTED_CODEC',
]);

export function endsSending({ code }: KafkaError): boolean {
  return FINAL.has(code);
}

export function inWords({ message, action }: KafkaError): string {
  return `${message} ${action}`;
}
