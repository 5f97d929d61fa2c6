/** What the page is served, and what it can fetch: its own origin, and nothing else. See docs/security.md. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './app';

const PAGE = 'app://geostream/index.html';

test('the policy as it is served has nothing unsafe in it, and is kept', async ({ start }) => {
  const { page } = await start();
  const served = await page.evaluate(async (url) => {
    const headers = (await fetch(url)).headers;
    return { policy: headers.get('content-security-policy') ?? '', sniff: headers.get('x-content-type-options') };
  }, PAGE);
  const directives = Object.fromEntries(
    served.policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ').replace(/'nonce-[^']{20,}'/, 'NONCE')];
    }),
  );
  expect(directives).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self' NONCE",
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'worker-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  });
  expect(served.sniff).toBe('nosniff');

  const ran = await page.evaluate(async () => {
    const marks = globalThis as { mark?: string };
    const throws = (run: () => unknown) => {
      try {
        run();
        return false;
      } catch {
        return true;
      }
    };
    // Apart, because what the debugger runs for the test may call eval, until it waits.
    await new Promise((later) => setTimeout(later));
    const evals = [
      // biome-ignore lint/security/noGlobalEval: that it throws is what is tested.
      throws(() => globalThis.eval('1')),
      throws(() => new Function('return 1')()),
    ];
    // Refused at once, or, in newer versions of Chromium, in an event.
    const workerRan = await new Promise((told, refused) => {
      const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' })));
      worker.addEventListener('message', () => told(true));
      worker.addEventListener('error', refused);
    }).catch(() => false);
    const script = document.createElement('script');
    script.textContent = 'globalThis.mark = "inline script"';
    document.body.append(script);
    const data = document.createElement('script');
    data.src = 'data:text/javascript,globalThis.mark = "script from data"';
    const ended = new Promise((done) => data.addEventListener('error', done));
    document.body.append(data);
    document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="globalThis.mark = 1" style="color: red">');
    await ended;
    return { evals, workerRan, mark: marks.mark };
  });
  expect(ran).toEqual({ evals: [true, true], workerRan: false, mark: undefined });
});

/** Tries every way that a page has to fetch something, and resolves when each has failed or ended. */
async function reachOut(page: Page, http: string): Promise<string[]> {
  return page.evaluate(async (address) => {
    const arrived: string[] = [];
    const ends = (what: string, target: EventTarget, good: string, bad: string) =>
      new Promise<void>((done) => {
        target.addEventListener(good, () => {
          arrived.push(what);
          done();
        });
        target.addEventListener(bad, () => done());
        setTimeout(done, 3_000);
      });
    const put = (tag: string, set: Record<string, string>, good = 'load') => {
      const element = document.createElement(tag);
      const ended = ends(`${tag} ${Object.values(set).join(' ')}`, element, good, 'error');
      for (const [name, value] of Object.entries(set)) element.setAttribute(name, value);
      document.body.append(element);
      return ended;
    };
    const fetched = (url: string, init?: RequestInit) =>
      fetch(url, init)
        .then(() => arrived.push(`fetch ${url}`))
        .catch(() => undefined);
    const open = (url: string) => {
      const request = new XMLHttpRequest();
      const ended = ends(`XMLHttpRequest ${url}`, request, 'load', 'error');
      try {
        request.open('GET', url);
        request.send();
      } catch {
        return undefined;
      }
      return ended;
    };
    const urls = [`${address}/x`, 'file:///etc/hostname', 'app://other/index.html', 'https://example.invalid/x'];
    const socket = address.replace('http', 'ws');
    navigator.sendBeacon(`${address}/beacon`, 'x');
    await Promise.all([
      ...urls.flatMap((url) => [
        fetched(url),
        fetched(url, { mode: 'no-cors' }),
        open(url),
        put('img', { src: `${url}.png` }),
        put('video', { src: `${url}.mp4` }, 'loadeddata'),
        put('script', { src: `${url}.js` }),
        put('link', { rel: 'stylesheet', href: `${url}.css` }),
        put('link', { rel: 'prefetch', href: url }),
        put('link', { rel: 'preload', as: 'fetch', href: url }),
        put('link', { rel: 'manifest', href: url }),
        put('object', { data: url }),
        put('input', { type: 'image', src: `${url}.png` }),
      ]),
      ends('WebSocket', new WebSocket(socket), 'open', 'error'),
      ends('EventSource', new EventSource(`${address}/events`), 'open', 'error'),
    ]);
    const relay = `turn:${new URL(address).host}?transport=tcp`;
    const peer = new RTCPeerConnection({ iceServers: [{ urls: relay, username: 'u', credential: 'c' }] });
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((later) => setTimeout(later, 2_000));
    peer.close();
    const font = new FontFace('stolen', `url(${address}/font.woff2)`);
    await font.load().then(
      () => arrived.push('font'),
      () => undefined,
    );
    return arrived;
  }, http);
}

test('the page reaches neither this machine, nor its files, nor the web; its own origin it does', async ({ start }) => {
  const { page } = await start();
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*').end('x');
  });
  server.on('connection', () => heard.push('a connection'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    // The server does listen: it would have heard.
    await fetch(`${address}/control`);
    expect(heard.splice(0)).toContain('/control');
    expect(await reachOut(page, address)).toEqual([]);
    expect(heard).toEqual([]);
    expect(await page.evaluate(async () => (await fetch('/index.html')).status)).toBe(200);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("the app's own scheme has its folder and nothing else, for the page and for the main process", async ({
  start,
}) => {
  const { electron, page } = await start();
  const outside = [
    'app://geostream/../main/index.cjs',
    'app://geostream/%2e%2e/main/index.cjs',
    'app://geostream/..%2fmain%2findex.js',
    'app://geostream/assets/..%2f..%2fmain%2findex.js',
    'app://geostream/..%5cmain%5cindex.js',
    'app://geostream/%2e%2e%2f%2e%2e%2fpackage.json',
    'app://geostream/%00',
    'app://geostream/%',
  ];
  const status = await page.evaluate(
    (urls) => Promise.all(urls.map(async (url) => (await fetch(url)).status)),
    outside,
  );
  expect(status).toEqual(outside.map(() => 404));
  const others = [
    ...outside,
    'app://other/index.html',
    'app://geostream.example/index.html',
    'app://127.0.0.1/index.html',
  ];
  const fromMain = await electron.evaluate(
    ({ net }, urls) => Promise.all(urls.map(async (url) => (await net.fetch(url)).status)),
    others,
  );
  expect(fromMain).toEqual(others.map(() => 404));
});
