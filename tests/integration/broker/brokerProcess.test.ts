/** The broker as a process: its ports, its lock, its ways to end, and what survives when it is killed. */
import { spawn } from 'node:child_process';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type BrokerProcess,
  buildBroker,
  makeDataDir,
  removeDataDir,
  startBrokerProcess,
} from './startBrokerProcess.ts';

/** Eighty starts of a process: only what hangs takes so long. */
const RACES_MS = 300_000;

const running: BrokerProcess[] = [];

async function start(options: Parameters<typeof startBrokerProcess>[0] = {}) {
  const broker = await startBrokerProcess(options);
  running.push(broker);
  return broker;
}

afterEach(async () => {
  for (const broker of running.splice(0)) {
    await broker.stop();
    await removeDataDir(broker.dataDir);
  }
});

/** Runs the broker where it is expected to end by itself. */
async function run(args: readonly string[]) {
  const child = spawn(process.execPath, [await buildBroker(), ...args]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** Takes a port for as long as `use` runs. */
async function withTakenPort(use: (port: number) => Promise<void>) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await use(typeof address === 'object' && address ? address.port : 0);
  await new Promise((resolve) => server.close(resolve));
}

function isReached(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}

/** Addresses on which the process listens, as the kernel has them (proc(5)); an IPv6 one as its hexadecimal digits. */
async function listeningSockets({ child }: BrokerProcess): Promise<string[]> {
  const descriptors = await readdir(`/proc/${child.pid}/fd`);
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/${child.pid}/fd/${fd}`).catch(() => '')));
  const inodes = new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
  const LISTEN = '0A';
  const found: string[] = [];
  for (const table of ['tcp', 'tcp6']) {
    const text = await readFile(`/proc/${child.pid}/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state !== LISTEN || !inodes.has(inode)) continue;
      const [address = ''] = local.split(':');
      found.push(table === 'tcp' ? [...Buffer.from(address, 'hex')].reverse().join('.') : address);
    }
  }
  return found;
}

const connectTo = (broker: BrokerProcess) =>
  new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } });

describe('starting', () => {
  it('shows its usage', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--strict-port') });
    expect(await run(['--port', 'x'])).toMatchObject({ code: 64, stderr: expect.stringContaining('--port has to be') });
  });

  it('says its version, and what is wrong with an option', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `GeoStream broker ${version}\n` });
    for (const args of [['--nonsense'], ['--max-topics', 'many'], ['--max-request-bytes', '9'], ['stray']]) {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toContain(args[0]);
      expect(stderr).toContain('Usage: broker [options]');
    }
  });

  it('says in one line where it listens, as text or as JSON', async () => {
    for (const form of ['text', 'json']) {
      const dataDir = await makeDataDir();
      const child = spawn(process.execPath, [await buildBroker(), '--port', '0', '--data', dataDir, '--log', form]);
      let stdout = '';
      child.stdout.on('data', (text) => {
        stdout += text;
        if (stdout.includes('\n')) child.kill('SIGTERM');
      });
      await new Promise((resolve) => child.once('close', resolve));
      const lines = stdout.trimEnd().split('\n');
      expect(lines).toHaveLength(1);
      if (form === 'json') {
        expect(JSON.parse(lines[0]!)).toEqual({
          event: 'listening',
          host: '127.0.0.1',
          port: expect.any(Number),
          data: dataDir,
          topics: [],
        });
      } else {
        expect(lines[0]).toMatch(/^Kafka broker listening on 127\.0\.0\.1:\d+, data in /);
        expect(lines[0]).toContain(dataDir);
      }
      await removeDataDir(dataDir);
    }
  });

  it('has the topics that it was told of before it listens, and leaves those that are there as they are', async () => {
    const dataDir = await makeDataDir();
    const before = await start({ dataDir, args: ['--topic', 'ships,retention.ms=3600000'] });
    const kafkaOf = ({ host, port }: BrokerProcess) =>
      new Kafka({ brokers: [`${host}:${port}`], logLevel: logLevel.NOTHING });
    const producer = kafkaOf(before).producer();
    await producer.connect();
    await producer.send({ topic: 'ships', messages: [{ value: '{}' }] });
    await producer.disconnect();
    await before.stop();

    const after = await start({
      dataDir,
      args: ['--topic', 'ships,retention.ms=1', '--topic', 'buoys', '--partitions', '3'],
    });
    const admin = kafkaOf(after).admin();
    await admin.connect();
    try {
      expect((await admin.listTopics()).sort()).toEqual(['buoys', 'ships']);
      expect(await admin.fetchTopicOffsets('ships')).toEqual([{ partition: 0, offset: '1', high: '1', low: '0' }]);
      expect(await admin.fetchTopicOffsets('buoys')).toHaveLength(3);
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: 'ships', configNames: ['retention.ms'] }],
      });
      expect(resources[0]?.configEntries).toMatchObject([{ configName: 'retention.ms', configValue: '3600000' }]);
    } finally {
      await admin.disconnect();
    }
  });

  it('listens on 127.0.0.1 and on no other address of this machine', async () => {
    const broker = await start();
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ address }) => address !== '127.0.0.1')
      .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address));
    for (const host of ['::1', '127.0.0.2', ...others])
      expect(`${host} ${await isReached(host, broker.port)}`).toBe(`${host} false`);
    expect(await isReached('127.0.0.1', broker.port)).toBe(true);
    if (process.platform === 'linux') expect(await listeningSockets(broker)).toEqual(['127.0.0.1']);
  });

  it.each(['a new folder', 'a folder whose broker was killed'])(
    'lets one of two processes have %s',
    async (which) => {
      for (let round = 0; round < 20; round += 1) {
        const dataDir = await makeDataDir();
        if (which !== 'a new folder') {
          await writeFile(join(dataDir, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' }));
        }
        const started = await Promise.allSettled([startBrokerProcess({ dataDir }), startBrokerProcess({ dataDir })]);
        const winners = started.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
        const losers = started.filter((result) => result.status === 'rejected').map(({ reason }) => String(reason));
        for (const winner of winners) await winner.stop();
        expect(winners).toHaveLength(1);
        expect(losers[0]).toContain('the broker ended (2)');
        expect(losers[0]).toContain('DATA_FOLDER_LOCKED');
        expect((await readdir(dataDir)).filter((name) => name.startsWith('lock'))).toEqual([]);
        await removeDataDir(dataDir);
      }
    },
    RACES_MS,
  );

  it('takes a free port when its own is taken, and fails with --strict-port', async () => {
    await withTakenPort(async (port) => {
      const broker = await start({ port });
      expect(broker.port).not.toBe(port);
      const dataDir = await makeDataDir();
      const strict = await run(['--port', String(port), '--strict-port', '--data', dataDir, '--log', 'json']);
      expect(strict.code).toBe(1);
      expect(JSON.parse(strict.stderr)).toMatchObject({ event: 'error', code: 'EADDRINUSE' });
      await removeDataDir(dataDir);
    });
  });

  it('refuses a folder of a newer broker, says what to do, and leaves all in it as it is', async () => {
    const dataDir = await makeDataDir();
    await writeFile(join(dataDir, 'format'), '2\n');
    const refused = await run(['--port', '0', '--data', dataDir, '--log', 'json']);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({
      event: 'error',
      code: 'DATA_FOLDER_NEWER',
      message: expect.stringContaining('Use the newer GeoStream again'),
    });
    expect(await readdir(dataDir)).toEqual(['format']);
    await removeDataDir(dataDir);
  });

  it('refuses a folder that a living broker holds, and says what to do', async () => {
    const broker = await start();
    const second = await run(['--port', '0', '--data', broker.dataDir, '--log', 'json']);
    expect(second.code).toBe(2);
    const message = JSON.parse(second.stderr);
    expect(message).toMatchObject({ event: 'error', code: 'DATA_FOLDER_LOCKED' });
    expect(message.message).toContain(String(broker.child.pid));
    expect(message.message).toContain('--data');
  });

  it('takes over the folder of a process that is gone, or whose lock is unreadable', async () => {
    const dataDir = await makeDataDir();
    await writeFile(join(dataDir, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' }));
    await (await startBrokerProcess({ dataDir })).stop();
    await writeFile(join(dataDir, 'lock'), 'rubbish');
    await start({ dataDir });
  });

  it('takes over when the process id has been given to another process', async () => {
    const dataDir = await makeDataDir();
    await writeFile(join(dataDir, 'lock'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
    await start({ dataDir });
  });
});

describe('ending', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('closes in order on %s', async (signal) => {
    const broker = await start();
    broker.child.kill(signal);
    expect(await broker.stop()).toEqual({ code: 0, signal: null });
    const left = await readdir(broker.dataDir);
    expect(left).toContain('clean-shutdown');
    expect(left).not.toContain('lock');
  });

  it('ends with its standard input when asked to', async () => {
    const broker = await start({ args: ['--exit-with-stdin'] });
    const gone = new Promise((resolve) => broker.child.once('exit', resolve));
    broker.child.stdin?.end();
    expect(await gone).toBe(0);
  });
});

describe('being killed', () => {
  it('keeps every acknowledged record once and in order, over several kills', async () => {
    const dataDir = await makeDataDir();
    const acknowledged: string[] = [];
    let number = 0;
    for (let round = 0; round < 4; round += 1) {
      const broker = await startBrokerProcess({ dataDir });
      const producer = connectTo(broker).producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 1 } });
      await producer.connect();
      const enough = acknowledged.length + 15 + round * 11;
      const producing = (async () => {
        for (;;) {
          const values = Array.from({ length: 5 }, () => String(++number));
          try {
            await producer.send({ topic: 'killed', messages: values.map((value) => ({ value })) });
          } catch {
            return;
          }
          acknowledged.push(...values);
          // In the midst of the next send, which is on its way by the time the signal is.
          if (acknowledged.length >= enough) broker.child.kill('SIGKILL');
        }
      })();
      // kafkajs tries for some ten seconds to reach a broker that is gone: nobody has to wait for that.
      const gone = new Promise((resolve) => broker.child.once('close', resolve));
      await Promise.race([producing, gone]);
      await broker.kill();
      void producer.disconnect().catch(() => {});
    }
    const broker = await start({ dataDir });
    const admin = connectTo(broker).admin();
    await admin.connect();
    const [offsets] = await admin.fetchTopicOffsets('killed');
    await admin.disconnect();
    const stored = await readAll(broker, 'killed', Number(offsets?.high));
    // A batch that was written but never acknowledged may be there too; what was acknowledged has to be, once.
    expect(new Set(stored).size).toBe(stored.length);
    const wanted = new Set(acknowledged);
    expect(stored.filter((value) => wanted.has(value))).toEqual(acknowledged);
  });
});

async function readAll(broker: BrokerProcess, topic: string, count: number): Promise<string[]> {
  const consumer = connectTo(broker).consumer({ groupId: 'reader', maxWaitTimeInMs: 200 });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value));
        if (values.length === count) resolve();
      },
    });
  });
  await consumer.disconnect();
  return values;
}
