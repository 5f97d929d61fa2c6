/** The app's own scheme: the built page and its assets from one folder, under a strict content security policy. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';

export const APP_ORIGIN = 'app://geostream';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
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

/** Call before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Call once the app is ready. `folder` holds the built page. */
export function serveApp(folder: string): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    const nonce = randomBytes(16).toString('base64');
    const headers = {
      'content-security-policy': policy(nonce),
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    };
    let relative: string;
    try {
      relative = normalize(decodeURIComponent(url.pathname === '/' ? '/index.html' : url.pathname));
    } catch {
      return new Response('bad request', { status: 400, headers });
    }
    const path = join(folder, relative);
    const type = TYPES[extname(path)];
    if (url.host !== 'geostream' || !path.startsWith(folder + sep) || type === undefined || request.method !== 'GET') {
      return new Response('not found', { status: 404, headers });
    }
    try {
      const body = await readFile(path);
      const isPage = extname(path) === '.html';
      return new Response(isPage ? body.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce) : new Uint8Array(body), {
        headers: { ...headers, 'content-type': type, 'cache-control': isPage ? 'no-store' : 'max-age=31536000' },
      });
    } catch {
      return new Response('not found', { status: 404, headers });
    }
  });
}
