/** The app's folder as an archive for any Linux, to be unpacked wherever one likes. */
import { join } from 'node:path';
import { runQuietly } from '../setup/processes.mjs';

export async function makeTarball({ unpacked, app, output }) {
  const top = `${app.name}-${app.version}`;
  const file = join(output, `${top}-linux-${process.arch}.tar.gz`);
  const names = ['--transform', `s,^\\.,${top},`, '--owner=root:0', '--group=root:0', '--sort=name'];
  await runQuietly('tar', 'tar', ['-czf', file, ...names, '-C', unpacked, '.']);
  return file;
}
