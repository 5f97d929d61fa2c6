/**
 * Entry of the built-in broker's process: takes what has been compiled before, and runs the broker, which is built beside
 * it and knows nothing of this: under plain Node it runs without.
 */
import { createRequire } from 'node:module';
import { useCodeCache } from '../start/codeCache';

/** As the broker writes its log. */
const warn = (message: string) => void process.stderr.write(`${JSON.stringify({ level: 'warn', message })}\n`);

useCodeCache(import.meta.dirname, 'broker', warn);
createRequire(import.meta.url)('./broker.cjs');
