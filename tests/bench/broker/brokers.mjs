import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { ROOT } from '../openApp.mjs';

/** @typedef {import('../builtInBroker.mjs').Broker} Broker */

/**
 * Nothing where Java, Maven or Maven Central is missing, which is printed. Formatting its folder is not in `startMs`.
 *
 * @returns {Promise<(() => Promise<Broker>) | undefined>}
 */
export async function apacheKafka() {
  const file = join(ROOT, 'tests/apacheKafka/apacheKafka.ts');
  const { module } = await runnerImport(file, { root: ROOT, configFile: false, logLevel: 'error' });
  const found = await module.apacheKafkaOrSkipReason();
  if (!found.available) return undefined;
  return async () => {
    const { brokers, close } = await module.startApacheKafka({ ownClasses: false });
    const [broker] = brokers;
    // Once more, on a folder that is ready: formatting it takes a start of Java by itself.
    await broker.stop();
    const start = performance.now();
    await broker.start();
    const startMs = performance.now() - start;
    const { address, port } = broker;
    return { host: '127.0.0.1', port, address, startMs, pid: await listenerOn(port), close };
  };
}

/** The child of this process that was started for Kafka and names this port in its properties. @param {number} port */
async function listenerOn(port) {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const properties = words.find((word) => word.endsWith('.properties'));
    if (!words.includes('kafka.Kafka') || properties === undefined) continue;
    const text = await readFile(properties, 'utf8').catch(() => '');
    if (text.includes(`:${port}`)) return Number(pid);
  }
  return 0;
}

/** Resident memory, MiB; Linux only. @param {number} pid */
export async function residentMib(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}
