/**
 * Outlives the process that starts it, by as long as it takes to end what that process left behind: even one that was
 * killed cannot leave brokers running and folders lying about. Standard input brings one line for each thing:
 * "+pid", "-pid", "+folder", "-folder"; its end means that the parent is gone. See guarded.ts.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const left = new Set();

// Ctrl-C reaches this process too, and must not end it before its work is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => (line.startsWith('+') ? left.add(line.slice(1)) : left.delete(line.slice(1))))
  .on('close', () => {
    const things = [...left];
    for (const pid of things.filter((thing) => /^\d+$/.test(thing))) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    for (const folder of things.filter((thing) => !/^\d+$/.test(thing))) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  });
