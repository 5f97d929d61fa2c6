/** kcat, Debian's command line over librdkafka 2.0.2: a client in C that shares no code with the others. */
import { spawn, spawnSync } from 'node:child_process';
import type { BrokerProcess } from './startBrokerProcess.ts';

export const isKcatInstalled = spawnSync('kcat', ['-V']).status === 0;

if (!isKcatInstalled) {
  const advice = 'kcat is not installed: apt-get install -y kcat';
  if (process.env.CI) throw new Error(advice);
  console.warn(`Tests with kcat are skipped, because ${advice}`);
}

/** Runs kcat to its end and gives its standard output; fails with its standard error. */
export function kcat(broker: BrokerProcess, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('kcat', ['-b', broker.address, ...args]);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    // One that only reads may have ended before its empty input was closed; what is lost of any other input is told.
    let unread = '';
    child.stdin.on('error', (error) => {
      if (input !== '') unread = `, without its whole input (${error.message})`;
    });
    child.on('close', (code) =>
      code === 0 && unread === '' ? resolve(output) : reject(new Error(`kcat ended with ${code}${unread}: ${errors}`)),
    );
    child.stdin.end(input);
  });
}

export const lines = (text: string) => text.split('\n').filter((line) => line !== '');
