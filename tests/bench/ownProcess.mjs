/** Runs a measurement in a Node process of its own, so that it inherits nobody's warmth and nobody's garbage. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const BARE_KAFKAJS = join(import.meta.dirname, 'bareKafkajs.mjs');

/**
 * Resolves with the first thing that the process tells its parent.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {readonly string[]} execArgv of Node itself
 * @returns {Promise<{ answer: unknown, pid: number, end: () => Promise<void> }>}
 */
async function start(file, args, execArgv = []) {
  const child = fork(file, [...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, ...execArgv],
  });
  const ended = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), ended.then(() => [undefined])]);
  if (answer === undefined || child.pid === undefined) throw new Error(`${file} ${args[0]} gave no answer`);
  return {
    answer,
    pid: child.pid,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Promise<{ answer: number, pid: number, end: () => Promise<void> }>}
 */
async function startIn(file, args) {
  const { answer, ...process } = await start(file, args);
  if (typeof answer !== 'number') throw new Error(`${file} ${args[0]} gave no figure`);
  return { answer, ...process };
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {readonly string[]} execArgv of Node itself
 */
export async function askProcess(file, args, execArgv) {
  const { answer, end } = await start(file, args, execArgv);
  await end();
  return answer;
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Promise<number>} the figure that it measured
 */
export async function measureIn(file, args) {
  const { answer, end } = await startIn(file, args);
  await end();
  return answer;
}

/** @param {readonly string[]} args those of bareKafkajs.mjs */
export const bareKafkajs = (...args) => measureIn(BARE_KAFKAJS, args);

/** @param {readonly string[]} args the process goes on until it is ended */
export const startBareKafkajs = (...args) => startIn(BARE_KAFKAJS, args);

/**
 * A process that tells its parent more than one thing, until it is ended.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {(word: unknown) => void} onWord
 * @returns {{ tell: (word: string) => void, ended: Promise<unknown>, end: () => Promise<void> }}
 */
export function talkTo(file, args, onWord) {
  const child = fork(file, [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  child.on('message', onWord);
  return {
    tell: (word) => void child.send(word),
    ended,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
