/**
 * Apache Kafka itself for the tests, without Docker: one broker or three (KRaft, each node broker and controller) as
 * child processes on free ports of 127.0.0.1.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { metadataRequest, metadataResponse } from '../../src/broker/wire/messages/metadata.ts';
import { WireClient } from '../integration/broker/wireClient.ts';
import { type Certificate, makeCertificates } from './certificates.ts';
import { freePorts, isOpen } from './freePorts.ts';
import { makeGuardedFolder, removeGuardedFolder } from './guarded.mjs';
import { runJava, spawnJava } from './javaProgram.ts';
import {
  type ClusterSettings,
  formatProperties,
  inUrl,
  type Mechanism,
  type NodePorts,
  type Security,
  serverProperties,
  type User,
} from './serverProperties.ts';
import { startTokenEndpoint, type TokenEndpoint } from './tokenEndpoint.ts';

export { apacheKafkaOrSkipReason } from './installation.ts';
export type { Mechanism, Security, User } from './serverProperties.ts';
export type { TokenEndpoint } from './tokenEndpoint.ts';

export interface ApacheKafkaOptions {
  readonly brokers?: 1 | 3;
  /** Of what clients connect to. */
  readonly security?: Security;
  /** PLAIN and both SCRAMs unless given. */
  readonly mechanisms?: readonly Mechanism[];
  /** Whether the broker wants one of its clients (mutual TLS); "none" unless given. */
  readonly clientCertificate?: 'none' | 'requested' | 'required';
  /** For server.properties of every broker, over what is there. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Kept when the cluster is closed; a temporary folder, removed then, unless given. */
  readonly dataDir?: string;
  /** Where clients connect to; 127.0.0.1 unless given. */
  readonly host?: '127.0.0.1' | '::1';
  /** For clients, one a broker; free ones unless given. */
  readonly ports?: readonly number[];
  /**
   * Whether the brokers map an archive of their own classes; so unless told otherwise. They start sooner and take less
   * memory with it than where somebody just runs Kafka: a reference to measure by has none.
   */
  readonly ownClasses?: boolean;
}

export interface ApacheKafkaBroker {
  readonly nodeId: number;
  readonly port: number;
  /** `host:port` */
  readonly address: string;
  /** Ends it as a crash would (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>;
  /** Ends it in order (SIGTERM) and waits until it is gone. */
  stop(): Promise<void>;
  /** Starts it again on its port and data, and waits until it serves; nothing happens while it runs. */
  start(): Promise<void>;
  /** Freezes it (SIGSTOP): its connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** All that it has logged. */
  log(): Promise<string>;
}

export interface ApacheKafka {
  /** `host:port` of each broker. */
  readonly bootstrap: string[];
  readonly brokers: readonly ApacheKafkaBroker[];
  /** Good for PLAIN and SCRAM. */
  readonly users: readonly User[];
  /** Of the authority that signed the brokers' certificates, PEM. */
  readonly ca?: string;
  /** One that the brokers accept. */
  readonly clientCertificate?: Certificate;
  /** Where tokens for OAUTHBEARER come from, if that is among the mechanisms. */
  readonly tokens?: TokenEndpoint;
  close(): Promise<void>;
}

/** One id for all: nobody tells these clusters apart by it. */
const CLUSTER_ID = 'Z2Vvc3RyZWFtLXRlc3RzIQ';
const USERS: readonly User[] = [
  { username: 'alice', password: 'alice-secret' },
  { username: 'bob', password: 'bob-secret' },
];
/** Long enough for a machine that does many other things; who fails sooner is told sooner. */
const READY_WITHIN_MS = 150_000;

export async function startApacheKafka(options: ApacheKafkaOptions = {}): Promise<ApacheKafka> {
  try {
    return await start(options);
  } catch (error) {
    // Somebody may have taken a port between the search and its use.
    const isPortTaken = error instanceof Error && /Address already in use|BindException/.test(error.message);
    if (!isPortTaken || options.ports !== undefined) throw error;
    return start(options);
  }
}

async function start(options: ApacheKafkaOptions): Promise<ApacheKafka> {
  const { brokers: count = 1, security = 'plaintext', clientCertificate = 'none', properties = {} } = options;
  const { host = '127.0.0.1' } = options;
  const mechanisms = options.mechanisms ?? ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];
  const hasSasl = security.startsWith('sasl');
  const certificates = security.endsWith('ssl') ? makeCertificates() : undefined;
  const tokens = hasSasl && mechanisms.includes('OAUTHBEARER') ? await startTokenEndpoint() : undefined;
  const folder = await makeGuardedFolder('geostream-apache-kafka-');
  const settings: ClusterSettings = {
    nodes: await choosePorts(count, options.ports),
    host,
    security,
    mechanisms,
    clientCertificate,
    users: USERS,
    certificates,
    tokens,
    properties,
  };
  const nodes = settings.nodes.map((_, index) => new Node(settings, index, folder, options));
  const close = async () => {
    await Promise.all(nodes.map((node) => node.end('SIGKILL')));
    await tokens?.close();
    await removeGuardedFolder(folder);
  };
  try {
    await Promise.all(nodes.map((node) => node.format()));
    await Promise.all(nodes.map((node) => node.launch()));
    await Promise.all(nodes.map((node) => node.untilReady(nodes)));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    bootstrap: nodes.map(({ address }) => address),
    brokers: nodes.map((node) => ({
      nodeId: node.nodeId,
      port: node.ports.client,
      address: node.address,
      kill: () => node.end('SIGKILL'),
      stop: () => node.end('SIGTERM'),
      start: async () => {
        if (node.isRunning) return;
        await node.launch();
        await node.untilReady(nodes);
      },
      pause: () => node.signal('SIGSTOP'),
      resume: () => node.signal('SIGCONT'),
      log: () => node.log(),
    })),
    users: USERS,
    ...(certificates && { ca: certificates.ca, clientCertificate: certificates.client }),
    ...(tokens && { tokens }),
    close,
  };
}

async function choosePorts(count: number, given: readonly number[] | undefined): Promise<NodePorts[]> {
  if (given !== undefined && given.length !== count) throw new RangeError(`${count} brokers need ${count} ports`);
  const free = await freePorts(3 * count);
  return Array.from({ length: count }, (_, index) => {
    const [client = 0, internal = 0, controller = 0] = free.slice(3 * index, 3 * index + 3);
    return { client: given?.[index] ?? client, internal, controller };
  });
}

/** One broker's folder and, while it runs, its process. */
class Node {
  readonly nodeId: number;
  readonly ports: NodePorts;
  readonly address: string;
  private readonly dataDir: string;
  private readonly ownClasses: boolean;
  private readonly propertiesFile: string;
  private readonly logFile: string;
  private child: ChildProcess | undefined;

  constructor(
    private readonly settings: ClusterSettings,
    private readonly index: number,
    folder: string,
    { dataDir = folder, ownClasses = true }: ApacheKafkaOptions,
  ) {
    const ports = settings.nodes[index];
    if (ports === undefined) throw new RangeError(`no node ${index}`);
    this.ownClasses = ownClasses;
    this.nodeId = index + 1;
    this.ports = ports;
    this.address = `${inUrl(settings.host)}:${ports.client}`;
    this.dataDir = join(dataDir, `data-${this.nodeId}`);
    this.propertiesFile = join(folder, `server-${this.nodeId}.properties`);
    this.logFile = join(folder, `server-${this.nodeId}.log`);
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Makes the folder ready for KRaft, with the SCRAM users in it; a folder that is ready stays as it is. */
  async format(): Promise<void> {
    const { settings, index } = this;
    await mkdir(this.dataDir, { recursive: true });
    // It holds a private key and passwords, if only a test's.
    const text = formatProperties(serverProperties(settings, index, this.dataDir));
    await writeFile(this.propertiesFile, text, { mode: 0o600 });
    const scram = settings.mechanisms
      .filter((mechanism) => settings.security.startsWith('sasl') && mechanism.startsWith('SCRAM'))
      .flatMap((mechanism) =>
        settings.users.map(({ username, password }) => `${mechanism}=[name=${username},password=${password}]`),
      )
      .flatMap((credential) => ['--add-scram', credential]);
    const args = ['format', '--ignore-formatted', '--cluster-id', CLUSTER_ID, '--config', this.propertiesFile];
    const { code, stdout, stderr } = await runJava('kafka.tools.StorageTool', [...args, ...scram]);
    if (code !== 0) throw new Error(`the folder of broker ${this.nodeId} could not be formatted:\n${stdout}${stderr}`);
  }

  async launch(): Promise<void> {
    const { tokens } = this.settings;
    const output = await open(this.logFile, 'a');
    try {
      this.child = await spawnJava('kafka.Kafka', [this.propertiesFile], {
        heap: '384m',
        logLevel: 'info',
        mapClasses: this.ownClasses,
        // Kafka 4 asks no address that is not named here.
        systemProperties: tokens ? { 'org.apache.kafka.sasl.oauthbearer.allowed.urls': tokens.jwksUrl } : {},
        stdio: ['ignore', output.fd, output.fd],
      });
    } finally {
      await output.close();
    }
  }

  /** Until it knows itself and every other broker that runs, and its port for clients is open. */
  async untilReady(nodes: readonly Node[]): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const wanted = nodes.filter((node) => node === this || node.isRunning).map(({ nodeId }) => nodeId);
      const known = await knownBrokers(this.ports.internal);
      if (wanted.every((nodeId) => known.includes(nodeId)) && (await isOpen(this.settings.host, this.ports.client)))
        return;
      const hasEnded = !this.isRunning;
      if (hasEnded || Date.now() > deadline) {
        const what = hasEnded ? 'ended' : `does not serve: it knows the brokers ${known}, not all of ${wanted}`;
        throw new Error(`Apache Kafka's broker ${this.nodeId} ${what}. The end of its log:\n${await this.logEnd()}`);
      }
      await sleep(100);
    }
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || !this.isRunning) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child?.kill(signal);
  }

  log(): Promise<string> {
    return readFile(this.logFile, 'utf8').catch(() => '');
  }

  private async logEnd(): Promise<string> {
    return (await this.log()).split('\n').slice(-60).join('\n');
  }
}

/** Ids of the brokers that the one at this port knows; none while it does not answer. */
async function knownBrokers(port: number): Promise<number[]> {
  let client: WireClient | undefined;
  try {
    client = await WireClient.open({ host: '127.0.0.1', port });
    const answer = client.ask(3, 4, [metadataRequest, metadataResponse], { topics: [], allowAutoTopicCreation: false });
    const response = await Promise.race([answer, client.closed, sleep(2_000, undefined, { ref: false })]);
    return response?.brokers.map(({ nodeId }) => nodeId) ?? [];
  } catch {
    return [];
  } finally {
    client?.close();
  }
}
