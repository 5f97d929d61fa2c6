/**
 * The reference: kafkajs by itself. `consumer.mjs ADDRESS TOPIC` reads from now on with `eachMessage`, tells 'reading'
 * once it has joined and read a record, and `{ step, at }` with the epoch ms at which it was handed each probe.
 */
import { Kafka, logLevel } from 'kafkajs';
import { PROBE } from './probe.mjs';

const [address = '', topic = ''] = process.argv.slice(2);
const consumer = new Kafka({ brokers: [address], clientId: 'bare', logLevel: logLevel.NOTHING }).consumer({
  groupId: `bare-${process.pid}-${Date.now()}`,
});
process.once('disconnect', () => process.exit());
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: false });
let reading = false;
await consumer.run({
  eachMessage: async ({ message: { key, value } }) => {
    if (!reading) process.send?.('reading');
    reading = true;
    if (key?.toString() !== PROBE || value === null) return;
    const at = Date.now();
    process.send?.({ step: JSON.parse(value.toString()).step, at });
  },
});
