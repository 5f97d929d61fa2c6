/** The app's folder as an archive for any Linux, to be unpacked wherever one likes. */
import { join } from 'node:path';
import { runQuietly } from '../setup/processes.mjs';

/** `quick` makes a larger one sooner. */
export async function makeTarball({ unpacked, app, output, quick }) {
  const top = `${app.name}-${app.version}`;
  const file = join(output, `${top}-linux-${process.arch}.tar.gz`);
  const names = ['--transform', `s,^\\.,${top},`, '--owner=root:0', '--group=root:0', '--sort=name'];
  await runQuietly('tar', 'tar', [
    '-cf',
    file,
    '--use-compress-program',
    quick ? 'gzip -1' : 'gzip',
    ...names,
    '-C',
    unpacked,
    '.',
  ]);
  return file;
}
