/**
 * What a scenario speaks with: one side, in one version of the API that the scenario is about. Every answer that it
 * gets is written down, to be compared with what the other side answered to the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../../src/broker/api/index.ts';
import { ByteReader } from '../../src/broker/wire/byteReader.ts';
import { decode, skipTaggedFields } from '../../src/broker/wire/codec.ts';
import type { Shape, WireType } from '../../src/broker/wire/schema.ts';
import { WireClient } from '../integration/broker/wireClient.ts';
import { type Fields, Labels } from './allowedDifferences.ts';
import { Answer } from './answer.ts';
import { comparable } from './comparable.ts';
import { apiNamed, type Side } from './side.ts';

const API_VERSIONS_KEY = 18;
/** Only what hangs meets these. */
const ANSWERED_WITHIN_MS = 8_000;
const SETTLED_WITHIN_MS = 20_000;

export interface Recorded {
  /** As "2 Fetch". */
  readonly step: string;
  readonly answer: unknown;
}

/** What is the same on both sides and differs from run to run. */
export interface RunPlace {
  /** The API that the scenario is about, and its version in this run. */
  readonly api: string;
  readonly version: number;
  /** In no other run; good within a topic's name. */
  readonly id: string;
  /** Of the topic `FRESH`; no other scenario has it, and the runs of one scenario come one after another. */
  readonly partition: number;
  /** The newest version that both sides serve. */
  newestVersion(api: string): number;
}

/** What is asked next, and what becomes of the answer. */
interface Options {
  /** Not compared: it is there to prepare something, or to wait for it. */
  readonly quiet?: boolean;
  /** What of the answer is compared. */
  readonly only?: (answer: Fields) => unknown;
}

export class Talk {
  readonly recorded: Recorded[] = [];
  private readonly labels = new Labels();
  private client: WireClient | undefined;
  private readonly others: Talk[] = [];
  private original: Talk = this;

  constructor(
    readonly side: Side,
    readonly place: RunPlace,
  ) {}

  get version(): number {
    return this.place.version;
  }

  /** A name that only this run uses, the same on both sides. */
  name(what: string): string {
    return `${what}-${this.place.id}`;
  }

  /** The same run on a connection of its own. */
  second(): Talk {
    const other = new Talk(this.side, this.place);
    other.original = this.original;
    this.others.push(other);
    return other;
  }

  /** Asks the API that the scenario is about. */
  ask(body: Fields, options: Options = {}): Promise<Answer> {
    return this.exchange(this.place.api, this.version, body, options);
  }

  /** Asks any other API, in the newest common version unless one is given. */
  call(api: string, body: Fields, options: Options & { version?: number } = {}): Promise<Answer> {
    return this.exchange(api, options.version ?? this.newest(api), body, options);
  }

  /** Asks to get a value, or to prepare something; the answer is not compared. */
  look(api: string, body: Fields, version = this.newest(api)): Promise<Answer> {
    return this.exchange(api, version, body, { quiet: true });
  }

  /** Asks again and again until it is as the scenario wants it: Kafka carries some things out behind its answer. */
  async until(
    api: string,
    body: Fields,
    isSettled: (answer: Answer) => boolean,
    { version = this.newest(api), ...options }: Options & { version?: number } = {},
  ) {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const answer = await this.exchange(api, version, body, { quiet: true });
      if (isSettled(answer) || Date.now() > deadline) {
        this.record(api, answer.fields, options);
        return answer;
      }
      await sleep(10);
    }
  }

  /** Sends what is not answered, or whose answer is not waited for. */
  async tell(body: Fields): Promise<number> {
    const api = apiNamed(this.place.api);
    checkNames(api.request.shape, body, api.request.name);
    return (await this.connected()).send(api.key, this.version, api.request, body);
  }

  private newest(api: string): number {
    return api === this.place.api ? this.version : this.place.newestVersion(api);
  }

  private async exchange(name: string, version: number, body: Fields, options: Options): Promise<Answer> {
    const api = apiNamed(name);
    checkNames(api.request.shape, body, api.request.name);
    const client = await this.connected();
    const bytes = await Promise.race([
      client.answerTo(client.send(api.key, version, api.request, body)),
      client.closed.then(() => 'closed' as const),
      sleep(ANSWERED_WITHIN_MS, 'no answer' as const, { ref: false }),
    ]);
    if (typeof bytes === 'string') this.hangUp();
    const fields = typeof bytes === 'string' ? { connection: bytes } : readAnswer(api, version, bytes);
    if (!options.quiet) this.record(name, fields, options);
    return new Answer(`${this.side.name}, ${name}`, fields);
  }

  /** Notes what both sides have to have alike. */
  record(name: string, fields: Fields, { only, quiet }: Options = {}): void {
    if (quiet) return;
    const { original } = this;
    const answer = comparable(name, only === undefined ? fields : only(fields), original.labels);
    original.recorded.push({ step: `${original.recorded.length + 1} ${name}`, answer });
  }

  private async connected(): Promise<WireClient> {
    if (this.client === undefined) {
      const client = await WireClient.open(this.side, 'scenario');
      this.client = client;
      void client.closed.then(() => {
        if (this.client === client) this.client = undefined;
      });
    }
    return this.client;
  }

  private hangUp(): void {
    this.client?.close();
    this.client = undefined;
  }

  close(): void {
    this.hangUp();
    for (const other of this.others) other.close();
  }
}

function readAnswer({ key, response }: Api, version: number, bytes: Buffer): Fields {
  const reader = new ByteReader(bytes);
  try {
    if (key !== API_VERSIONS_KEY && version >= response.flexibleFrom) skipTaggedFields(reader);
    // An ApiVersions request of an unknown version is answered in version 0.
    const refused = key === API_VERSIONS_KEY && bytes.readInt16BE(0) === 35;
    const fields: Fields = decode(response, refused ? 0 : version, reader);
    return reader.remaining === 0 ? fields : { ...fields, unreadBytes: reader.remaining };
  } catch (error) {
    return { unreadable: `${String(error)}: ${bytes.toString('hex')}` };
  }
}

/** A field's name that is written wrong would be left out in silence. */
function checkNames(shape: Shape, body: Fields, path: string): void {
  for (const [name, value] of Object.entries(body)) {
    const field = shape[name];
    if (field === undefined) throw new Error(`${path} has no field ${name}`);
    checkType(field.type, value, `${path}.${name}`);
  }
}

function checkType(type: WireType, value: unknown, path: string): void {
  if (type.kind === 'struct' && value !== null) checkNames(type.shape, value as Fields, path);
  if (type.kind === 'array' && Array.isArray(value)) {
    for (const element of value) checkType(type.element, element, path);
  }
}
