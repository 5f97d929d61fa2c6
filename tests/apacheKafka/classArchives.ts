/**
 * Kafka's classes in the form that the JVM maps straight into memory (class data sharing): a third off every start of a
 * tool, and of a broker. An archive is made by a run of such a program, once a machine, and holds what that one loaded.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts, isOpen } from './freePorts.ts';
import { makeGuardedFolder, removeGuardedFolder, spawnGuarded } from './guarded.mjs';
import { type ClusterSettings, formatProperties, serverProperties } from './serverProperties.ts';

const run = promisify(execFile);

/** These programs are short-lived or lightly loaded: start fast, stay small. An archive holds for these settings only. */
export const JVM_SETTINGS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xlog:cds=off'];

const BROKER = 'kafka.Kafka';
const STORAGE_TOOL = 'kafka.tools.StorageTool';
/** Finding no broker it has loaded most of what any of the tools loads. */
const TOOL = 'org.apache.kafka.tools.consumer.ConsoleConsumer';

/** A broker that serves has loaded nearly all by then, ms. */
const SETTLED_MS = 1_500;
const READY_WITHIN_MS = 60_000;

/** The archive that a program is to be run with. A file that is not there is passed over by the JVM. */
export function classArchive(installation: string, mainClass: string): string {
  return `${installation}-${mainClass === BROKER || mainClass === STORAGE_TOOL ? 'broker' : 'tools'}.jsa`;
}

export interface Jvm {
  /** Path or name of the Java runtime. */
  readonly java: string;
  readonly classPath: string;
}

/** @param installation Kafka's folder; the archives lie beside it. Where they cannot be made, everything works too. */
export async function makeClassArchives(jvm: Jvm, installation: string): Promise<void> {
  await archived(classArchive(installation, TOOL), (unfinished) =>
    run(jvm.java, [
      ...making(jvm, unfinished, TOOL),
      ...['--topic', 'none', '--timeout-ms', '500', '--bootstrap-server', '127.0.0.1:1'],
    ]).catch(() => undefined),
  );
  await archived(classArchive(installation, BROKER), (unfinished) => runBroker(jvm, unfinished));
}

const making = ({ classPath }: Jvm, archive: string, mainClass: string) => [
  ...JVM_SETTINGS,
  `-XX:ArchiveClassesAtExit=${archive}`,
  ...['-cp', classPath, mainClass],
];

async function archived(archive: string, runProgram: (unfinished: string) => Promise<unknown>): Promise<void> {
  const unfinished = `${archive}.${process.pid}.part`;
  await runProgram(unfinished);
  await rename(unfinished, archive).catch(() => undefined);
}

async function runBroker(jvm: Jvm, archive: string): Promise<void> {
  const folder = await makeGuardedFolder('geostream-kafka-classes-');
  try {
    const [client = 0, internal = 0, controller = 0] = await freePorts(3);
    const properties = join(folder, 'server.properties');
    const data = join(folder, 'data');
    await mkdir(data);
    const plain: ClusterSettings = {
      nodes: [{ client, internal, controller }],
      host: '127.0.0.1',
      security: 'plaintext',
      mechanisms: [],
      clientCertificate: 'none',
      users: [],
      certificates: undefined,
      tokens: undefined,
      properties: {},
    };
    await writeFile(properties, formatProperties(serverProperties(plain, 0, data)));
    const format = ['format', '--cluster-id', 'Z2Vvc3RyZWFtLWNsYXNzZQ', '--config', properties];
    await run(jvm.java, [...JVM_SETTINGS, '-cp', jvm.classPath, STORAGE_TOOL, ...format]);
    const broker = spawnGuarded(jvm.java, [...making(jvm, archive, BROKER), properties], { stdio: 'ignore' });
    const ended = once(broker, 'exit');
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await isOpen('127.0.0.1', client)) && broker.exitCode === null && Date.now() < deadline) await sleep(100);
    await sleep(SETTLED_MS);
    broker.kill();
    await ended;
  } catch {
    // Then there is none.
  } finally {
    await removeGuardedFolder(folder);
  }
}
