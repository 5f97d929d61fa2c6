/** What tests of the window do to a cluster behind the app's back, as another client. */
import { type Admin, Kafka, logLevel, type Message } from 'kafkajs';

const connectTo = (address: string) =>
  new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, requestTimeout: 60_000 });

/** Messages of one request: a whole crowd would be more than a broker takes at once. */
const AT_ONCE = 2_000;

export async function produce(address: string, topic: string, messages: readonly Message[]): Promise<void> {
  const producer = connectTo(address).producer();
  await producer.connect();
  for (let from = 0; from < messages.length; from += AT_ONCE) {
    await producer.send({ topic, messages: messages.slice(from, from + AT_ONCE) });
  }
  await producer.disconnect();
}

export async function withAdmin(address: string, call: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = connectTo(address).admin();
  await admin.connect();
  await call(admin);
  await admin.disconnect();
}
