/** Kafka's own Java programs: the broker, the storage tool, the console tools. */
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { classArchive, JVM_SETTINGS } from './classArchives.ts';
import { spawnGuarded } from './guarded.mjs';
import { installedApacheKafka } from './installation.ts';

export interface JavaOptions {
  readonly heap?: string;
  readonly logLevel?: 'info' | 'warn' | 'error';
  readonly systemProperties?: Readonly<Record<string, string>>;
  readonly stdio?: StdioOptions;
  /** Whether it maps an archive of the classes that such a program loads; so unless told otherwise. */
  readonly mapClasses?: boolean;
}

export async function spawnJava(
  mainClass: string,
  args: readonly string[],
  { heap = '256m', logLevel = 'warn', systemProperties = {}, stdio = 'pipe', mapClasses = true }: JavaOptions = {},
): Promise<ChildProcess> {
  const { java, classPath, folder } = await installedApacheKafka();
  const logger = 'org.slf4j.simpleLogger';
  const properties = {
    [`${logger}.defaultLogLevel`]: logLevel,
    [`${logger}.showDateTime`]: 'true',
    [`${logger}.dateTimeFormat`]: 'HH:mm:ss.SSS',
    ...systemProperties,
  };
  const settings = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const archive = mapClasses ? [`-XX:SharedArchiveFile=${classArchive(folder, mainClass)}`] : [];
  const jvm = [...JVM_SETTINGS, ...archive, `-Xmx${heap}`, ...settings];
  return spawnGuarded(java, [...jvm, '-cp', classPath, mainClass, ...args], { stdio });
}

export interface JavaResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever that is. */
export async function runJava(mainClass: string, args: readonly string[], input = ''): Promise<JavaResult> {
  const child = await spawnJava(mainClass, args);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A program that ends without reading its input is no fault of the input.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
