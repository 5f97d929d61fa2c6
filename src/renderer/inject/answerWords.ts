/** The answer to a message that was sent, in words. */
import type { SendResult } from '../../shared/contract';
import { count } from '../words/numbers';

/** "Acknowledged: topic geostream, partition 0, offset 12, in 8 ms". */
export function answerWords(result: SendResult): string {
  if (result.kind === 'failed') return `Not sent: ${result.message} ${result.action}`;
  const { topic, partition, offset, ms } = result;
  return `Acknowledged: topic ${topic}, partition ${partition}, offset ${offset}, in ${count(ms)} ms`;
}

/** The same for a row that already names its topic. */
export function shortAnswerWords(result: SendResult): string {
  if (result.kind === 'failed') return `Not sent: ${result.message} ${result.action}`;
  return `Acknowledged: partition ${result.partition}, offset ${result.offset}, ${count(result.ms)} ms`;
}
