/** The command line of scripts/soak.mjs. */
import { parseArgs } from 'node:util';
import { killRepeatedly } from './killing.ts';
import { mixedLoad } from './mixedLoad.ts';

const USAGE = `Usage: npm run soak -- [--minutes N] [--seed N]
       npm run soak -- kills [N] [--seed N]`;

/** The exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
  });
  const [job, count = '1000', ...rest] = positionals;
  const [minutes, seed, kills] = [Number(values.minutes), Number(values.seed), Number(count)];
  const isRight = minutes > 0 && Number.isInteger(seed) && Number.isInteger(kills) && kills > 0 && rest.length === 0;
  if (!isRight || (job !== undefined && job !== 'kills')) {
    console.error(USAGE);
    return 64;
  }
  const say = (line: string) => console.log(line);
  const faults = job === 'kills' ? await killed(kills, seed, say) : await mixedLoad({ minutes, seed, say });
  for (const fault of faults) console.error(`FAULT ${fault}`);
  say(
    faults.length === 0
      ? 'Nothing is lost and nothing is doubled; the memory is within its bound.'
      : `${faults.length} faults.`,
  );
  return faults.length === 0 ? 0 : 1;
}

async function killed(kills: number, seed: number, say: (line: string) => void): Promise<readonly string[]> {
  const { acknowledged, stored, commits, faults } = await killRepeatedly({ kills, seed, say });
  say(`${kills} kills: ${acknowledged} records acknowledged, ${stored} stored, ${commits} commits acknowledged`);
  return faults;
}
