/** What survives when the broker is killed at random moments; for longer: `npm run soak -- kills 1000`. */
import { expect, it } from 'vitest';
import { killRepeatedly } from '../../soak/killing.ts';

const KILLS = 50;

it('keeps every acknowledged record once and in order, and every commit, over fifty kills', async () => {
  const report = await killRepeatedly({ kills: KILLS, seed: 1 });
  expect(report.faults).toEqual([]);
  expect(report.kills).toBe(KILLS);
  expect(report.stored).toBeGreaterThanOrEqual(report.acknowledged);
  expect(report.acknowledged).toBeGreaterThan(3 * KILLS);
  expect(report.commits).toBeGreaterThan(KILLS / 2);
}, 600_000);
