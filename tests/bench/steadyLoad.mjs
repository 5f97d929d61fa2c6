/** Starts steadyProducer.mjs, and keeps what it tells. */
import { join } from 'node:path';
import { talkTo } from './ownProcess.mjs';

/** @typedef {{ kind: 'probe', step: number, at: number } | { kind: 'produced', records: number }} Word */

/**
 * `sent`: the steps of the probe so far, with the epoch ms of each. `go` lets the probe move. `stop` resolves with the
 * number of records that were acknowledged.
 *
 * @param {{ address: string }} broker
 * @param {{ topic: string, partitions: number, rate: number }} load `rate`: records a second
 */
export function startSteadyLoad({ address }, { topic, partitions, rate }) {
  /** @type {{ step: number, at: number }[]} */
  const sent = [];
  let produced = Number.NaN;
  const file = join(import.meta.dirname, 'steadyProducer.mjs');
  const { tell, ended, end } = talkTo(file, [address, topic, String(partitions), String(rate)], (said) => {
    const word = /** @type {Word} */ (said);
    if (word.kind === 'probe') sent.push({ step: word.step, at: word.at });
    else produced = word.records;
  });
  return {
    sent,
    go: () => tell('go'),
    stop: async () => {
      tell('stop');
      await ended;
      if (Number.isNaN(produced)) throw new Error('the producer ended without saying how much it produced');
      return produced;
    },
    end,
  };
}
