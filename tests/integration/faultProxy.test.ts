/** The network between, so that the tests that break it can lean on it: each fault is what it says, and ends. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { metadataRequest, metadataResponse } from '../../src/broker/wire/messages/metadata.ts';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from './broker/startBrokerProcess.ts';
import { WireClient } from './broker/wireClient.ts';
import { type FaultProxy, startFaultProxies } from './faultProxy.ts';

describe('a network with faults', () => {
  let broker: BrokerProcess;
  let proxy: FaultProxy;
  let open: WireClient[] = [];
  beforeAll(async () => {
    broker = await startBrokerProcess();
  });
  afterAll(async () => {
    await broker?.kill();
    await removeDataDir(broker.dataDir);
  });
  beforeEach(async () => {
    [proxy] = (await startFaultProxies([broker.address])) as [FaultProxy];
  });
  afterEach(async () => {
    for (const client of open) client.close();
    open = [];
    await proxy.close();
  });

  const port = () => Number(proxy.address.split(':')[1]);
  const openClient = async () => {
    const client = await WireClient.open({ host: '127.0.0.1', port: port() });
    open.push(client);
    return client;
  };
  const ask = (client: WireClient, version: number) =>
    client.ask(3, version, [metadataRequest, metadataResponse], { topics: [] });
  const isClosed = (client: WireClient) => Promise.race([client.closed.then(() => true), sleep(200, false)]);

  it.each([1, 8, 12])('names itself in the place of the broker: Metadata %d', async (version) => {
    const { brokers } = await ask(await openClient(), version);
    expect(brokers).toMatchObject([{ host: '127.0.0.1', port: port() }]);
  });

  it('resets every connection, and takes new ones', async () => {
    const clients = [await openClient(), await openClient()];
    for (const client of clients) await ask(client, 12);
    proxy.cut();
    for (const client of clients) await client.closed;
    await ask(await openClient(), 12);
  });

  it('refuses until it accepts again, at the same port', async () => {
    const client = await openClient();
    await ask(client, 12);
    await proxy.refuse();
    await client.closed;
    await expect(openClient()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.accept();
    await ask(await openClient(), 12);
  });

  it('passes no byte while it stalls, and all of them afterwards, in order', async () => {
    const before = await openClient();
    await ask(before, 12);
    proxy.stall();
    const during = await openClient();
    const answers = [ask(before, 12), ask(before, 1), ask(during, 12)];
    expect(await Promise.race([...answers, sleep(200, 'nothing')])).toBe('nothing');
    expect(await isClosed(before)).toBe(false);
    proxy.flow();
    await Promise.all(answers);
    expect(before.order).toEqual([1, 2, 3]);
  });

  it('holds back an answer for a while, and passes it byte by byte', async () => {
    const client = await openClient();
    proxy.delay(50);
    proxy.limit(1_000);
    const { brokers } = await ask(client, 12);
    expect(brokers).toHaveLength(1);
  });

  it.each([0, 0.5, 0.999])('resets a connection inside an answer, at %d of its length', async (place) => {
    const whole = await answerOf(port());
    proxy.cutInside('metadata', [null, place]);
    expect(await answerOf(port())).toEqual(whole);
    const bytes = 1 + Math.floor(place * (whole.length - 2));
    expect(await answerOf(port())).toEqual(whole.subarray(0, bytes));
    expect(proxy.cutsInside).toBe(1);
    expect(await answerOf(port())).toEqual(whole);
  });
});

/** What comes of one answer to Metadata 1 for no topics, until it is whole or the connection ends. */
async function answerOf(port: number): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  let received = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) socket.destroy();
  });
  // Length, Metadata, version, number, no client id, no topics.
  socket.write(Buffer.from('0000000e0003000100000001ffff00000000', 'hex'));
  await once(socket, 'close');
  return received;
}
