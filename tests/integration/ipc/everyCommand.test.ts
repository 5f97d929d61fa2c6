/**
 * Every command of the contract, as a page might send it that does not mean well: input of its shape, input that is nearly
 * of it, and junk, from the app's own page and from strangers. The inputs come from the contract's own schemas, and the
 * handlers are the real ones, on a built-in broker in a folder of their own.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Application, createApplication } from '../../../src/main/application';
import { superviseBroker } from '../../../src/main/broker/supervisor';
import { openReader } from '../../../src/main/kafka/reader';
import { openLogFiles } from '../../../src/main/logs/logFiles.ts';
import { openProfiles } from '../../../src/main/profiles/profiles';
import { electronSecretStore } from '../../../src/main/profiles/secretStore';
import { openSettings } from '../../../src/main/settings/settings';
import { decodeHere } from '../../../src/main/streams/decoding/decodeHere';
import { isSentBy } from '../../../src/main/window/sender';
import { channels, eventNames } from '../../../src/shared/channels';
import {
  type CommandError,
  type CommandName,
  type CommandOutput,
  type CommandResult,
  commands,
  events,
  type Snapshot,
} from '../../../src/shared/contract';
import { makeGuardedFolder, removeGuardedFolder } from '../../apacheKafka/guarded.mjs';
import { memorySafeStorage } from '../../unit/main/memorySafeStorage';
import { invoke, outside } from './electronTwin';
import { hostileNames, junk, rightInputs, wrongInputs } from './schemaInputs';

vi.mock('electron', () => import('./electronTwin'));

/** GEOSTREAM_SEED=n tries others. */
const SEED = Number(process.env.GEOSTREAM_SEED ?? 20_262);
const RIGHT_RUNS = 20;
const WRONG_RUNS = 50;
/** No command is fuzzed for longer, ms: a topic that is not there is asked for several times before it is given up. */
const LONGEST_RUN = 1_500;
const once = { seed: SEED, endOnFailure: true, interruptAfterTimeLimit: LONGEST_RUN } as const;
/** Far more than any sentence of ours, far less than what was sent. */
const LONGEST_MESSAGE = 2_000;

const frame = { url: 'app://geostream/index.html' };
const page = {
  mainFrame: frame,
  isDestroyed: () => false,
  send: (channel: string, payload: unknown) => {
    const name = eventNames.find((one) => channels.event(one) === channel);
    const told = name ? events[name].safeParse(structuredClone(payload)) : undefined;
    if (!told?.success) broken.push(`event ${channel}: ${told ? z.prettifyError(told.error) : 'is none'}`);
  },
  postMessage: () => undefined,
};
const ourPage = { sender: page, senderFrame: frame };
const other = { ...page, mainFrame: { url: 'app://geostream/index.html' } };
const strangers: [string, unknown][] = Object.entries({
  'another window': { sender: other, senderFrame: other.mainFrame },
  'a frame inside the page': { sender: page, senderFrame: { url: 'app://geostream/index.html' } },
  'a frame that has gone': { sender: page, senderFrame: null },
  'a page of the web': { sender: { ...page, mainFrame: frame }, senderFrame: { url: 'https://example.org/' } },
  nobody: {},
});

/** Where nothing can be reached: no input may lead off this machine. */
const PLACES = ['127.0.0.1:1', '[::1]:1', 'http://127.0.0.1:1/token'];

/** What was told to the page and is not as the contract says. */
const broken: string[] = [];
const logged: string[] = [];
let folder: string;
let application: Application;

const commandError: z.ZodType<CommandError> = z.strictObject({
  code: z.enum(['bad-input', 'not-found', 'refused', 'cluster', 'timeout', 'file', 'internal']),
  message: z.string().min(1).max(LONGEST_MESSAGE),
  action: z.string().min(1).max(LONGEST_MESSAGE),
});

/** Throws unless the answer is one that the contract allows, in words that a person can read. */
function judge(name: CommandName, answer: unknown): CommandResult<unknown> {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) throw new Error('there is no answer');
  if (answer.ok === true && 'value' in answer) {
    commands[name].output.parse(answer.value);
    return { ok: true, value: answer.value };
  }
  if (!('error' in answer)) throw new Error('a failure without an error');
  const error = commandError.parse(answer.error);
  // No input is to find its way to what nobody thought of.
  if (error.code === 'internal') throw new Error(`an internal error: ${logged.at(-1)}`);
  if (/\n\s+at /.test(error.message)) throw new Error(`a stack trace: ${error.message}`);
  return { ok: false, error };
}

async function call<N extends CommandName>(name: N, input: unknown): Promise<CommandResult<CommandOutput<N>>> {
  return judge(name, await invoke(ourPage, channels.command, name, input)) as CommandResult<CommandOutput<N>>;
}

async function snapshot(): Promise<Snapshot> {
  const answer = await call('app.snapshot', {});
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

const isRight = (name: CommandName, input: unknown) => commands[name].input.safeParse(structuredClone(input)).success;

/** The built-in broker in use, few topics, nobody sending; and one of each thing that a command can name. */
async function tidy(): Promise<string[]> {
  await call('profiles.use', { id: 'built-in' });
  let now = await snapshot();
  for (const end = Date.now() + 60_000; now.connection.state.kind !== 'connected'; now = await snapshot()) {
    if (Date.now() > end) throw new Error(`not connected: ${JSON.stringify(now.connection.state)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (const { id } of now.simulations) await call('simulate.dismiss', { id });
  for (const { id } of now.playbacks) {
    await call('playback.cancel', { id });
    await call('playback.dismiss', { id });
  }
  for (const { id, origin } of now.profiles.list) if (origin === 'saved') await call('profiles.delete', { id });
  for (const { topic } of now.layers.slice(10)) await call('layers.remove', { topic });
  const topics = await call('topics.refresh', {});
  if (topics.ok) for (const { name } of topics.value.slice(0, -20)) await call('topics.delete', { topic: name });
  for (const topic of ['ships', '__proto__', 'constructor']) {
    await call('topics.create', { topic, partitions: 2, retentionMs: null });
  }
  await call('layers.add', { topic: 'ships', start: { kind: 'beginning' }, stop: { kind: 'never' } });
  const area = { south: 59, west: 24, north: 60, east: 25 };
  const fleet = await call('simulate.start', { topic: 'ships', entities: 3, area, rate: 5, seed: 1 });
  const profile = await call('profiles.save', {
    id: null,
    fields: { name: 'Nowhere', bootstrap: ['127.0.0.1:1'], clientId: 'c', readOnly: false, tls: null, sasl: null },
    secrets: {},
    keepSecrets: true,
  });
  outside.chosen = join(folder, 'ships.ndjson');
  const file = await call('playback.choose', {});
  application.notify('info', `Something to dismiss, ${performance.now()}.`, null);
  const { notices } = await snapshot();
  return [
    ...['ships', 'built-in', 'environment', '0', 'name', ...PLACES],
    ...notices.map(({ id }) => id),
    ...(fleet.ok ? [fleet.value.id] : []),
    ...(profile.ok ? [profile.value.id] : []),
    ...(file.ok && file.value ? [file.value.token] : []),
    ...hostileNames,
  ];
}

beforeAll(async () => {
  folder = await makeGuardedFolder('geostream-ipc-');
  await writeFile(join(folder, 'ships.ndjson'), '{"name":"a","lat":59.8,"lon":24.9}\n'.repeat(20));
  const settings = await openSettings(folder, (message) => broken.push(message));
  const profiles = await openProfiles({
    folder,
    secretStore: electronSecretStore(memorySafeStorage(), 'linux'),
    config: { kind: 'built-in' },
    onError: (message) => broken.push(message),
  });
  application = createApplication({
    version: '0.0.0',
    readOnly: false,
    userData: folder,
    settings,
    profiles,
    broker: superviseBroker({
      entry: 'the twin of Electron has its own',
      dataFolder: join(folder, 'broker'),
      log: (_level, message) => logged.push(message),
      note: () => undefined,
    }),
    // The thread's own file exists in a build only.
    decoding: decodeHere(openReader),
    env: {},
    page: () => page as never,
    isOurPage: (event) => isSentBy(page as never, event),
    log: (_level, message) => logged.push(message),
    note: () => undefined,
    logs: openLogFiles({ folder: join(folder, 'logs') }),
    hide: (text) => text,
  });
});

afterAll(async () => {
  await application.close();
  await removeGuardedFolder(folder);
});

const hostileTexts = ['ships', ...PLACES, ...hostileNames];

const names = Object.keys(commands) as CommandName[];

describe.each(names)('%s', (name) => {
  it('answers input of its shape with what the contract says, or with an error in words', async () => {
    const known = await tidy();
    const inputs = rightInputs(commands[name].input, known);
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        await call(name, input);
        // Whatever runs on would have the processor to itself.
        for (const { id } of (await snapshot()).simulations) await call('simulate.dismiss', { id });
      }),
      { ...once, numRuns: RIGHT_RUNS },
    );
    expect(broken).toEqual([]);
  });

  it('answers every other input with what is wrong with it', async () => {
    const known = await tidy();
    await fc.assert(
      fc.asyncProperty(wrongInputs(commands[name].input, known), async (input) => {
        const answer = await call(name, input);
        if (!isRight(name, input)) expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input' } });
      }),
      { ...once, numRuns: WRONG_RUNS },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(broken).toEqual([]);
  });

  it('does nothing for a stranger', async () => {
    const before = await snapshot();
    const [copied, opened] = [outside.copied, outside.opened.length];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...strangers),
        rightInputs(commands[name].input, hostileTexts),
        async ([, event], input) => {
          const answer = judge(name, await invoke(event, channels.command, name, input));
          expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } });
        },
      ),
      { ...once, numRuns: 20 },
    );
    const { profiles, view, panels, limits, painter, picture } = await snapshot();
    expect({ profiles, view, panels, limits, painter, picture }).toEqual({
      profiles: before.profiles,
      view: before.view,
      panels: before.panels,
      limits: before.limits,
      painter: before.painter,
      picture: before.picture,
    });
    expect([outside.copied, outside.opened.length]).toEqual([copied, opened]);
  });
});

it('what is no command is answered with an error in words', async () => {
  await fc.assert(
    fc.asyncProperty(junk, junk, async (name, input) => {
      const answer = await invoke(ourPage, channels.command, name, input);
      expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    }),
    { ...once, numRuns: 200 },
  );
});
