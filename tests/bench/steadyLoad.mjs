/** Starts steadyProducer.mjs, and keeps what it tells. */
import { join } from 'node:path';
import { talkTo } from './ownProcess.mjs';
import { figure } from './rows.mjs';

/** @typedef {{ kind: 'produced', records: number, perSecond: number }} Produced */
/** @typedef {{ kind: 'probe', step: number, at: number } | Produced} Word */

/**
 * `sent`: the steps of the probe so far, with the epoch ms of each. `go` lets the probe move. `stop` resolves with how
 * many records were acknowledged.
 *
 * @param {{ address: string }} broker
 * @param {{ topic: string, partitions: number, rate: number }} load `rate`: records a second
 */
export function startSteadyLoad({ address }, { topic, partitions, rate }) {
  /** @type {{ step: number, at: number }[]} */
  const sent = [];
  /** @type {Produced | undefined} */
  let produced;
  const file = join(import.meta.dirname, 'steadyProducer.mjs');
  const { tell, ended, end } = talkTo(file, [address, topic, String(partitions), String(rate)], (said) => {
    const word = /** @type {Word} */ (said);
    if (word.kind === 'probe') sent.push({ step: word.step, at: word.at });
    else produced = word;
  });
  return {
    sent,
    go: () => tell('go'),
    stop: async () => {
      tell('stop');
      await ended;
      if (produced === undefined) throw new Error('the producer ended without saying how much it produced');
      return produced;
    },
    end,
  };
}

/**
 * What a row says of a rate that its machine did not come to; nothing when it did.
 *
 * @param {number} wanted records a second
 * @param {number} reached
 */
export const rateNote = (wanted, reached) =>
  reached < wanted * NEAR_ENOUGH
    ? `at ${figure(reached)} records a second: the producer did not come to ${figure(wanted)}`
    : undefined;
const NEAR_ENOUGH = 0.95;
