/**
 * The two places that setup writes to: the checkout, and a cache outside of it that several checkouts share.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout's top folder. */
export const root = resolve(import.meta.dirname, '..', '..');

/** `~/.cache/geostream`, or where `XDG_CACHE_HOME` says; made by whoever writes there. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'geostream');
