/** What the app's own scheme answers: the files of one folder and no others, under a strict content security policy. */
import { randomBytes } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { APP_ORIGIN } from './sender';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.bin': 'application/octet-stream',
};

/** Stands in the built index.html where the nonce of each load goes (Mantine's inline styles carry it). */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

const policy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Both of the cross-origin ones: the page is by itself in its process, and its workers may share memory. */
const headersWith = (nonce: string) => ({
  'content-security-policy': policy(nonce),
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'referrer-policy': 'no-referrer',
});

/** Of Electron's own, what is looked at. */
export interface Asked {
  readonly url: string;
  readonly method: string;
}

export interface Answer {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Path of the file that a request asks for; undefined when it asks for anything that is not in the folder. */
async function askedFor(folder: string, { url, method }: Asked): Promise<string | undefined> {
  const { protocol, host, pathname } = new URL(url);
  if (`${protocol}//${host}` !== APP_ORIGIN || method !== 'GET') return undefined;
  const path = join(folder, normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname)));
  if (TYPES[extname(path)] === undefined) return undefined;
  // A link inside the folder is followed, and may not lead out of it.
  const [top, real] = await Promise.all([realpath(folder), realpath(path)]);
  return path.startsWith(folder + sep) && real.startsWith(top + sep) ? real : undefined;
}

/** @param folder holds the built page */
export function answerFrom(folder: string): (request: Asked) => Promise<Answer> {
  return async (request) => {
    const nonce = randomBytes(16).toString('base64');
    const headers = headersWith(nonce);
    const nothing: Answer = { status: 404, headers, body: Buffer.from('not found') };
    try {
      const path = await askedFor(folder, request);
      if (path === undefined) return nothing;
      const extension = extname(path);
      const body = await readFile(path);
      const isPage = extension === '.html';
      return {
        status: 200,
        headers: {
          ...headers,
          'content-type': TYPES[extension] ?? 'application/octet-stream',
          'cache-control': isPage ? 'no-store' : 'max-age=31536000',
        },
        body: isPage ? Buffer.from(body.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)) : body,
      };
    } catch {
      // It is not there, is a folder, or its name is none.
      return nothing;
    }
  };
}
