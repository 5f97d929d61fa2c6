import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaError } from '../../../src/main/kafka/kafkaError';
import { SendError, type SendOutcome } from '../../../src/main/kafka/sending';
import { fieldAt, fileRows, MAX_LINE_BYTES } from '../../../src/main/produce/fileRows';
import { createPlayableFiles } from '../../../src/main/produce/playableFiles';
import { createPlaybacks } from '../../../src/main/produce/playback';
import type { Playback } from '../../../src/shared/contract';
import { fakeKafkaClient } from './fakeKafkaClient';

const data = (file: string) => join(import.meta.dirname, '../../data', file);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-playback-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function play(path: string, keyField: string | null, speed: number | null, client = fakeKafkaClient()) {
  const files = createPlayableFiles();
  const { token } = await files.inspect(path);
  const playbacks = createPlaybacks({ client: () => client, onChange: () => undefined, onSent: () => undefined });
  const { id } = playbacks.start({ file: files.find(token)!, topic: 't', keyField, speed });
  const ended = async (): Promise<Playback> => {
    for (;;) {
      const now = playbacks.list().find((playback) => playback.id === id)!;
      if (now.state !== 'running' && now.state !== 'retrying') return now;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { client, playbacks, id, ended };
}

describe('looking at a file', () => {
  it('finds out what it is, and what a key can be taken from', async () => {
    const files = createPlayableFiles();
    expect(await files.inspect(data('ais-gulf-of-finland.ndjson'))).toMatchObject({
      format: 'ndjson',
      suggestedKey: 'mmsi',
      firstTime: Date.parse('2014-08-15T19:00:00.363Z'),
    });
    expect(await files.inspect(data('earthquakes-usgs.geojsonl'))).toMatchObject({
      format: 'ndjson',
      suggestedKey: 'id',
    });
    expect(await files.inspect(data('running-mallorca.gpx'))).toMatchObject({ format: 'gpx', suggestedKey: 'name' });
  });

  it.each([
    ['empty.ndjson', ''],
    ['text.ndjson', 'hello\nworld\n'],
    ['binary.ndjson', new Uint8Array([1, 0, 2, 0])],
    ['no.gpx', '{"lat":1}'],
    ['broken.gpx', '<gpx><trk><trkseg><trkpt lat="1"'],
    ['none.gpx', '<gpx></gpx>'],
  ])('refuses %s in words', async (name, content) => {
    const path = await write(name, content);
    await expect(createPlayableFiles().inspect(path)).rejects.toMatchObject({
      name: 'FileError',
      action: expect.any(String),
    });
  });

  it('refuses a folder and a file that is not there', async () => {
    await expect(createPlayableFiles().inspect(folder)).rejects.toMatchObject({ name: 'FileError' });
    await expect(createPlayableFiles().inspect(join(folder, 'gone'))).rejects.toMatchObject({ name: 'FileError' });
  });
});

describe('rows', () => {
  it('are the bytes of the lines, without the line ends, blank lines left out', async () => {
    const path = await write('crlf.ndjson', '\uFEFF{"a":1}\r\n\r\n{"a":\n{"é":2}');
    const rows = [];
    for await (const row of fileRows(path, 'ndjson', 'crlf')) rows.push(row);
    expect(rows.map(({ value, number }) => [value?.toString(), number])).toEqual([
      ['{"a":1}', 1],
      ['{"a":', 3],
      ['{"é":2}', 4],
    ]);
    expect(rows[1]?.fields).toBeUndefined();
  });

  it('of a GPX file are its 6,820 track points', async () => {
    let count = 0;
    let first: unknown;
    for await (const { fields } of fileRows(data('running-mallorca.gpx'), 'gpx', 'running-mallorca.gpx')) {
      first ??= fields;
      count += 1;
    }
    expect(count).toBe(6_820);
    expect(first).toMatchObject({ lat: expect.any(Number), lon: expect.any(Number), time: expect.any(String) });
  });

  it('that are too long are told, not held', async () => {
    const path = await write('long.ndjson', `{"a":1}\n${'x'.repeat(MAX_LINE_BYTES + 1)}\n{"a":2}\n`);
    const values = [];
    for await (const { value } of fileRows(path, 'ndjson', 'long')) values.push(value === null ? null : value.length);
    expect(values).toEqual([7, null, 7]);
  });

  it('give fields by path, own ones only', () => {
    expect(fieldAt({ properties: { id: 7 } }, 'properties.id')).toBe(7);
    expect(fieldAt({ 'a.b': 1 }, 'a.b')).toBe(1);
    expect(fieldAt({}, 'constructor')).toBeUndefined();
    expect(fieldAt(null, 'a')).toBeUndefined();
  });
});

describe('playing', () => {
  it('sends every row once, in order, under its key', async () => {
    const { client, ended } = await play(data('ais-gulf-of-finland.ndjson'), 'mmsi', null);
    expect(await ended()).toMatchObject({ state: 'done', sent: 2_867, failed: 0 });
    expect(client.sent).toHaveLength(2_867);
    expect(client.sent[0]?.record).toMatchObject({ key: '230035780' });
    const times = client.sent.map(({ record }) => JSON.parse(String(record.value)).time);
    expect(times).toEqual([...times].sort());
    expect(new Set(client.sent.map(({ record }) => record.key)).size).toBe(95);
  });

  it('keeps the pace of the file, times the speed', async () => {
    const path = await write(
      'pace.ndjson',
      [0, 60, 30, 120].map((s) => JSON.stringify({ lat: 1, lon: 2, time: 1_400_000_000 + s })).join('\n'),
    );
    const before = performance.now();
    const { client, ended } = await play(path, null, 600);
    expect(await ended()).toMatchObject({ state: 'done', sent: 4 });
    // Two minutes at 600 times are 0.2 s: no row may have gone out before its time.
    expect(performance.now() - before).toBeGreaterThanOrEqual(190);
    expect(client.sent[0]?.record.key).toBeNull();
  });

  it('stops when cancelled', async () => {
    const { client, playbacks, id, ended } = await play(data('ais-gulf-of-finland.ndjson'), 'mmsi', 1);
    playbacks.cancel(id);
    expect(await ended()).toMatchObject({ state: 'cancelled' });
    const sent = client.sent.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(client.sent.length).toBe(sent);
    expect(sent).toBeLessThan(2_867);
  });

  it('goes on with the other rows when the cluster will not take one', async () => {
    const client = fakeKafkaClient();
    client.refuse = (records) =>
      records.some(({ value }) => String(value).includes('big'))
        ? new KafkaError('MESSAGE_TOO_LARGE', 'The record is larger than the cluster accepts.', 'Send less.', false)
        : undefined;
    const path = await write('big.ndjson', ['{"n":1}', '{"n":"big"}', '{"n":3}'].join('\n'));
    const { ended } = await play(path, null, null, client);
    expect(await ended()).toMatchObject({
      state: 'done',
      sent: 2,
      failed: 1,
      reason: expect.stringContaining('Row 2'),
    });
    expect(client.sent.map(({ record }) => String(record.value))).toEqual(['{"n":1}', '{"n":3}']);
  });

  it('waits for the cluster, and loses nothing', async () => {
    const client = fakeKafkaClient();
    let failures = 1;
    client.refuse = () =>
      failures-- > 0 ? new KafkaError('ECONNREFUSED', 'Nothing listens.', 'Wait.', true) : undefined;
    const path = await write('wait.ndjson', '{"n":1}\n{"n":2}\n');
    const { ended } = await play(path, null, null, client);
    expect(await ended()).toMatchObject({ state: 'done', sent: 2, failed: 0 });
  });

  it('sends again what was not sent, and never what was acknowledged or may have been written', async () => {
    const client = fakeKafkaClient();
    const { send } = client;
    let first = true;
    client.send = async (topic, records) => {
      if (!first) return send(topic, records);
      first = false;
      const failed = (written: 'no' | 'unknown'): SendOutcome => {
        const error = new KafkaError(
          written === 'no' ? 'NOT_SENT' : 'UNKNOWN_OUTCOME',
          `${written}.`,
          'Look.',
          written === 'no',
        );
        return { kind: 'failed', error, written };
      };
      const [acknowledged] = await send(topic, records.slice(0, 1));
      throw new SendError([{ kind: 'acknowledged', ...acknowledged! }, failed('no'), failed('unknown'), failed('no')]);
    };
    const path = await write('partly.ndjson', '{"n":1}\n{"n":2}\n{"n":3}\n{"n":4}\n');
    const { ended } = await play(path, null, null, client);
    expect(await ended()).toMatchObject({ state: 'done', sent: 3, failed: 1, reason: 'Row 3: unknown. Look.' });
    expect(client.sent.map(({ record }) => String(record.value))).toEqual(['{"n":1}', '{"n":2}', '{"n":4}']);
  });

  it.each(['READ_ONLY', 'TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'])(
    'ends with the reason when the cluster will take nothing more: %s',
    async (code) => {
      const client = fakeKafkaClient();
      client.send = async () => {
        throw new KafkaError(code, 'It is not allowed.', 'Ask for it.', false);
      };
      const path = await write('refused.ndjson', '{"n":1}\n{"n":2}\n');
      const { ended } = await play(path, null, null, client);
      expect(await ended()).toMatchObject({
        state: 'failed',
        sent: 0,
        failed: 2,
        reason: 'It is not allowed. Ask for it.',
      });
    },
  );

  it('waits for a topic that is not there, and says so', async () => {
    const client = fakeKafkaClient();
    client.refuse = () =>
      new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'The topic does not exist.', 'Create it.', false);
    const path = await write('waiting.ndjson', '{"n":1}\n{"n":2}\n');
    const { playbacks, ended } = await play(path, null, null, client);
    await expect
      .poll(() => playbacks.list()[0])
      .toMatchObject({
        state: 'retrying',
        failed: 0,
        reason: expect.stringContaining('The topic does not exist.'),
      });
    client.refuse = () => undefined;
    expect(await ended()).toMatchObject({ state: 'done', sent: 2, failed: 0, reason: null });
  });

  it('ends for a given reason when the cluster is left', async () => {
    const client = fakeKafkaClient();
    client.refuse = () => new KafkaError('ECONNREFUSED', 'Nothing listens.', 'Wait.', true);
    const path = await write('left.ndjson', '{"n":1}\n');
    const { playbacks, ended } = await play(path, null, null, client);
    playbacks.cancelAll('GeoStream no longer uses Test.');
    expect(await ended()).toMatchObject({ state: 'cancelled', sent: 0, reason: 'GeoStream no longer uses Test.' });
  });
});
