/**
 * Sends records: idempotent, acknowledged by all in-sync replicas, tried again until they are overdue, and with an
 * outcome for each.
 */
import type { Compression } from '../../shared/contract';
import { createProduceTransport } from './produceRequests';
import type { Acknowledgement, RecordToSend, Sending } from './sending';
import { createSendQueue, type SendQueueLimits } from './sendQueue';
import type { SessionOptions } from './session';

export interface SenderOptions extends SessionOptions {
  /** Asked for each request. */
  readonly compression: () => Compression;
  readonly onSending: (sending: Sending) => void;
  readonly limits?: Partial<SendQueueLimits>;
}

export interface RecordSender {
  /** One acknowledgement for each record, in order, once all are there. Throws SendError, which has the outcomes. */
  send(topic: string, records: readonly RecordToSend[]): Promise<Acknowledgement[]>;
  close(): void;
}

export function createSender({ access, log, compression, onSending, limits = {} }: SenderOptions): RecordSender {
  const transport = createProduceTransport({ access, log, compression });
  const queue = createSendQueue({ transport, onSending, limits });
  return {
    send: (topic, records) => queue.send(topic, records),
    close: () => {
      queue.close();
      transport.close();
    },
  };
}
