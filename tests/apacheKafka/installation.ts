/**
 * Apache Kafka's own jars, from Maven Central by the machine's `mvn`, in a cache outside the repository. What is in
 * there is complete: it is made under another name and then renamed.
 */
import { type ExecFileException, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makeClassArchives } from './classArchives.ts';

const run = promisify(execFile);

const POM = join(import.meta.dirname, 'pom.xml');
/** Kafka 4's brokers and tools need at least this. */
const LEAST_JAVA = 17;

export interface Installation {
  /** Of Apache Kafka, as "4.3.1". */
  readonly version: string;
  /** Path or name of the Java runtime. */
  readonly java: string;
  readonly classPath: string;
  /** Of the jars; what is made of them lies beside it. */
  readonly folder: string;
}

export type ApacheKafkaCheck =
  | { readonly available: true; readonly installation: Installation }
  | { readonly available: false; readonly reason: string };

/** What stops Apache Kafka from running on this machine, told in a sentence. */
class NotInstallable extends Error {}

let checking: Promise<ApacheKafkaCheck> | undefined;

/**
 * Apache Kafka, downloaded if need be; or, where Java, Maven or Maven Central is missing, the reason, which is printed
 * so that nobody takes skipped tests for passed ones. In CI it throws instead.
 */
export function apacheKafkaOrSkipReason(): Promise<ApacheKafkaCheck> {
  checking ??= check();
  return checking;
}

/** For code that runs only where Apache Kafka is available. */
export async function installedApacheKafka(): Promise<Installation> {
  const found = await apacheKafkaOrSkipReason();
  if (!found.available) throw new Error(found.reason);
  return found.installation;
}

async function check(): Promise<ApacheKafkaCheck> {
  try {
    return { available: true, installation: await install() };
  } catch (error) {
    if (!(error instanceof NotInstallable) || process.env.CI) throw error;
    console.warn(`Tests with Apache Kafka are skipped, because ${error.message}`);
    return { available: false, reason: error.message };
  }
}

async function install(): Promise<Installation> {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  await checkJava(java);
  const pom = await readFile(POM, 'utf8');
  const version = /<kafka\.version>(.+)<\/kafka\.version>/.exec(pom)?.[1];
  if (version === undefined) throw new Error(`${POM} names no Kafka version`);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'geostream');
  // The hash sees to it that a changed pom.xml is not taken for what it was before.
  const folder = join(cache, `kafka-${version}-${createHash('sha256').update(pom).digest('hex').slice(0, 8)}`);
  // Its archives are tried once: a JVM that makes none is only slower.
  const archived = `${folder}.archived`;
  if (!(await exists(folder)) || !(await exists(archived))) {
    await mkdir(cache, { recursive: true });
    await withLock(`${folder}.lock`, async () => {
      if (!(await exists(folder))) await download(folder);
      if (await exists(archived)) return;
      await makeClassArchives({ java, classPath: await classPathOf(folder) }, folder);
      await writeFile(archived, '');
    });
  }
  return { version, java, classPath: await classPathOf(folder), folder };
}

/** Every jar by name: the class archive holds for one order of them only. */
async function classPathOf(folder: string): Promise<string> {
  const jars = (await readdir(folder)).filter((name) => name.endsWith('.jar')).sort();
  return jars.map((jar) => join(folder, jar)).join(delimiter);
}

async function checkJava(java: string): Promise<void> {
  const advice = `Apache Kafka needs Java ${LEAST_JAVA} or later (on Debian: apt-get install -y default-jdk-headless maven)`;
  const { stderr } = await run(java, ['-version']).catch((error: ExecFileException) => {
    throw new NotInstallable(`${java} does not run (${firstLine(error.message)}): ${advice}.`);
  });
  const found = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (!(found >= LEAST_JAVA)) throw new NotInstallable(`${firstLine(stderr)} is too old: ${advice}.`);
}

async function download(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}.part`;
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`];
  try {
    await run('mvn', ['--quiet', '--batch-mode', '--file', POM, ...goal], { maxBuffer: 1 << 26 });
    await rename(unfinished, folder);
  } catch (error) {
    const { code, stdout = '', message } = error as ExecFileException & { stdout?: string };
    if (code === 'ENOENT') throw new NotInstallable('Maven is not installed (on Debian: apt-get install -y maven).');
    const lines = stdout.split('\n').filter((line) => line.includes('ERROR'));
    throw new NotInstallable(`Maven could not bring Apache Kafka: ${lines[0] ?? firstLine(message)}`);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Two test processes that start at once must not both download; a lock whose holder is gone counts for nothing. */
async function withLock(file: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(await readFile(file, 'utf8').catch(() => ''));
      if (holder > 0 && !isRunning(holder)) await rm(file, { force: true });
      else await sleep(250);
    }
  }
  try {
    await work();
  } finally {
    await rm(file, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const firstLine = (text: string) => text.trim().split('\n')[0] ?? '';
