/** Servers that are no Kafka, or a broken one: whatever they answer, the client says so, and nothing is thrown past it. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { it } from 'vitest';
import { createKafkaClient } from '../../../src/main/kafka/kafkaClient';
import { plainly } from './clusters.ts';
import { startReading } from './readingClient.ts';

it.concurrent.for([
  ['nothing but a closed connection', null],
  ['an answer without a byte', Buffer.alloc(4)],
  ['an answer that is shorter than its own head', Buffer.from('000000010a', 'hex')],
  ['an answer of a negative length', Buffer.from('ffffff000000000000', 'hex')],
  ['a web page', Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
  ['an answer to no question', Buffer.from('0000000800ffffff00000000', 'hex')],
  ['an answer that breaks off within its fields', Buffer.from('00000006000000000000', 'hex')],
] as const)('is told from Kafka: %s', { timeout: 300_000 }, async ([, answer], { expect, onTestFinished }) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (answer === null) socket.destroy();
      else socket.write(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createKafkaClient({
    ...plainly([`127.0.0.1:${(server.address() as AddressInfo).port}`]),
    groupId: 'test',
  });
  onTestFinished(async () => {
    await client.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const inWords = /^(The other side closed the connection|.* not answer as Kafka does|.* answer that breaks off)\b/;
  await expect(client.listTopics()).rejects.toMatchObject({ message: expect.stringMatching(inWords) });
  const reading = startReading(client, 't');
  await reading.until(() => reading.state?.kind === 'retrying');
  const { state } = reading;
  expect(state?.kind === 'retrying' && state.error.message).toMatch(inWords);
  expect(state?.kind === 'retrying' && state.error.action).toMatch(/^Check /);
  reading.close();
});
