import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const SETUP = resolve(import.meta.dirname, '../../../scripts/setup/setupError.mjs');

/** The exit code of a script whose main function is this. */
async function exitCode(main: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'geostream-script-'));
  const file = join(folder, 'script.mjs');
  await writeFile(
    file,
    `import { runScript } from ${JSON.stringify(pathToFileURL(SETUP).href)};\nawait runScript(${main});`,
  );
  try {
    return await new Promise((done) => {
      const child = execFile(process.execPath, [file], () => done(child.exitCode ?? -1));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As the package does that clears electron-builder's temporary folders. */
const END_WITH_0 = "process.once('beforeExit', () => process.exit(0));";

describe('the exit code of a script', () => {
  it('is what its main function says, whatever else ends the process', async () => {
    expect(await exitCode('async () => 3')).toBe(3);
    expect(await exitCode(`async () => { ${END_WITH_0} return 3; }`)).toBe(3);
    expect(await exitCode(`async () => { ${END_WITH_0} throw new Error('it broke'); }`)).toBe(1);
    expect(await exitCode(`async () => { ${END_WITH_0} }`)).toBe(0);
  });
});
