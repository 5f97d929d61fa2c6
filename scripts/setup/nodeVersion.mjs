/**
 * The first question, asked before anything is installed: is this Node new enough for the tools? The answer is
 * in package.json's `engines`, so that npm and these scripts cannot disagree.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './folders.mjs';
import { SetupError } from './setupError.mjs';

/** @throws {SetupError} when this Node is too old */
export function checkNodeVersion(version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [ours, oursMinor] = version.split('.').map(Number);
  if (ours > major || (ours === major && oursMinor >= minor)) return;
  throw new SetupError(
    `GeoStream needs Node ${major}.${minor} or newer; this is Node ${version}.\n` +
      'Install one from https://nodejs.org or with your version manager, then run the same command again.',
  );
}
