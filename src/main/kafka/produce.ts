/**
 * The requests of producing, without kafkajs's producer: that one puts a record without a key into another partition
 * when it tries again, may take a partition whose leader has moved for written, forgets which part of a request was
 * acknowledged when another part was not, and uses the sequence number of a batch that it gave up for the next one.
 */
import type { Compression } from '../../shared/contract';
import { type BrokerConnection, exchange } from './brokerConnection';
import type { RecordToSend } from './sending';

export interface ProduceRequest {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly compression: Compression;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: readonly RecordToSend[];
    }[];
  }[];
}

export interface ProduceResponse {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly baseOffset: string;
    }[];
  }[];
}

/** KIP-110 and its forerunners: the codec's number in a batch's attributes. */
const CODEC: Readonly<Record<Compression, number>> = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 };

/** Milliseconds that a broker may wait for the replicas are this much less than those that we wait for the broker. */
const ANSWER_MS = 500;

/** The error code is in the answer. */
export async function askProducerId(
  broker: BrokerConnection,
  withinMs: number,
): Promise<{ errorCode: number; producerId: string; producerEpoch: number }> {
  return (await exchange(broker, 'InitProducerId', {}, withinMs)) as Awaited<ReturnType<typeof askProducerId>>;
}

/** Acknowledged by all in-sync replicas. */
export async function askToWrite(
  broker: BrokerConnection,
  request: ProduceRequest,
  withinMs: number,
): Promise<ProduceResponse> {
  const options = {
    ...request,
    acks: -1,
    timeout: Math.max(1, withinMs - ANSWER_MS),
    compression: CODEC[request.compression],
  };
  return (await exchange(broker, 'Produce', options, withinMs)) as ProduceResponse;
}
