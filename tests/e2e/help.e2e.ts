/** The Help menu: what is said about the app, the folder of the log, the diagnostics; and what the log holds, and never holds. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ProfileFields } from '../../src/shared/profiles';
import { counts, expect, screenshot, test } from './app';

const help = (page: Page) => page.getByRole('button', { name: 'Help', exact: true });

async function logOf(userData: string): Promise<string> {
  const folder = join(userData, 'logs');
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

test('Help says what the app is, shows the log folder, and copies diagnostics', async ({ start, userData }) => {
  const { electron, page, errors } = await start();
  await expect(counts(page)).toContainText(/[1-9][\d,]* shown/);
  await help(page).click();
  await screenshot(page, 'help-menu');
  await page.getByRole('menuitem', { name: 'About GeoStream' }).click();
  const about = page.getByRole('dialog', { name: 'About GeoStream' });
  const versions = await electron.evaluate(({ app }) => ({ ...process.versions, app: app.getVersion() }));
  for (const text of [`GeoStream ${versions.app}`, versions.electron, versions.chrome, versions.node, '2.2.4'])
    await expect(about).toContainText(text ?? 'missing');
  await expect(about).toContainText('Apache-2.0');
  await expect(about).toContainText(join(userData, 'logs'));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `about-${colorScheme}`);
  }

  await electron.evaluate(({ shell }) => {
    Object.assign(globalThis, { shown: [] });
    shell.openPath = async (path) => {
      (globalThis as unknown as { shown: string[] }).shown.push(path);
      return '';
    };
  });
  await about.getByRole('button', { name: 'Show the log folder' }).click();
  const shown = () => electron.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
  await expect.poll(shown).toEqual([join(userData, 'logs')]);
  await electron.evaluate(({ shell }) => {
    shell.openPath = async () => 'no file manager';
  });
  await about.getByRole('button', { name: 'Show the log folder' }).click();
  await expect(page.locator('body')).toContainText('could not be opened: no file manager');

  await about.getByRole('button', { name: 'Copy diagnostics' }).click();
  await expect(page.locator('body')).toContainText('Diagnostics are on the clipboard');
  const text = await electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(text).toContain(`GeoStream ${versions.app}, Electron ${versions.electron}`);
  expect(text).toContain('Cluster: built-in broker, unencrypted');
  expect(text).toMatch(/Layer \d: reading/);
  expect(text).toContain('broker:');
  await page.keyboard.press('Escape');
  await expect(help(page)).toBeFocused();
  expect(errors).toEqual([]);
});

test('the log holds what the broker and the page say, line by line, and goes on after a restart', async ({
  start,
  userData,
}) => {
  const first = await start();
  await expect(first.page.getByRole('region', { name: 'Connection' })).toContainText(/^connected/i);
  await first.page.evaluate(() => {
    console.error('a failure on the console');
    void Promise.reject(new Error('nobody caught this'));
    setTimeout(() => {
      throw new Error('nor this');
    });
  });
  for (const text of [
    'starts, on Electron',
    'broker: {',
    'page: a failure on the console',
    'nobody caught this',
    'nor this',
  ])
    await expect.poll(() => logOf(userData)).toContain(text);
  await first.close();
  const second = await start();
  await second.close();
  const lines = (await logOf(userData)).trimEnd().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as { time: string; level: string; message: string });
  for (const { time, level } of parsed) expect([new Date(time).toISOString(), level]).toEqual([time, level]);
  expect(parsed.filter(({ message }) => message.includes('starts, on Electron'))).toHaveLength(2);
});

test('a folder where the log cannot be written harms nothing, and is told in the diagnostics', async ({
  start,
  userData,
}) => {
  await writeFile(join(userData, 'logs'), 'a file in its place');
  const { electron, page, errors, close } = await start();
  await expect(counts(page)).toContainText(/[1-9][\d,]* shown/);
  await help(page).click();
  await page.getByRole('menuitem', { name: 'Copy diagnostics' }).click();
  await expect(page.locator('body')).toContainText('Diagnostics are on the clipboard');
  const text = await electron.evaluate(({ clipboard }) => clipboard.readText());
  expect(text).toMatch(/Log: not written \((EEXIST|ENOTDIR)\)/);
  expect(errors).toEqual([]);
  await close();
  await rm(join(userData, 'logs'));
});

test('no secret is in the log, in stderr or in the diagnostics, whatever goes wrong with it', async ({
  start,
  userData,
}) => {
  const PASSWORD = 'pw-8c1f-of-alice';
  const CLIENT_SECRET = 'cs-77ab-of-geostream';
  /** A server that says whatever it was told. */
  const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  const echoPort = await listen(echo);
  const tokens = createHttpServer((request, response) => {
    response.statusCode = request.url === '/junk' ? 200 : 401;
    response.end(
      `{"error":"client_secret=${CLIENT_SECRET} is wrong","authorization":"${request.headers.authorization}"}`,
    );
  });
  const tokenPort = await listen(tokens);

  const app = await start();
  let stderr = '';
  app.electron.process().stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const { page } = app;
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/^connected/i);
  const plain = { mechanism: 'PLAIN', username: 'alice' } as const;
  const oauth = (path: string) =>
    ({
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: `http://127.0.0.1:${tokenPort}${path}`,
      clientId: 'x',
      scope: null,
    }) as const;
  const attempts: readonly (readonly [string, number, NonNullable<ProfileFields['sasl']>])[] = [
    ['Closed', 1, plain],
    ['Echo', echoPort, plain],
    ['Scram', echoPort, { mechanism: 'SCRAM-SHA-512', username: 'alice' }],
    ['Tokens', echoPort, oauth('/')],
    ['Junk', echoPort, oauth('/junk')],
  ];
  for (const [name, port, sasl] of attempts) {
    const state = await page.evaluate(
      async ({ name, port, sasl, password, clientSecret }) => {
        const secret = (text: string) => ({ kind: 'typed' as const, text });
        const draft = {
          id: null,
          fields: { name, bootstrap: [`127.0.0.1:${port}`], clientId: 'x', readOnly: false, tls: null, sasl },
          secrets:
            sasl.mechanism === 'OAUTHBEARER' ? { clientSecret: secret(clientSecret) } : { password: secret(password) },
          keepSecrets: false,
        };
        await window.geostream.call('profiles.test', draft);
        const saved = await window.geostream.call('profiles.save', draft);
        if (!saved.ok) return saved.error.message;
        await window.geostream.call('profiles.use', { id: saved.value.id });
        return 'used';
      },
      { name, port, sasl, password: PASSWORD, clientSecret: CLIENT_SECRET },
    );
    expect(state).toBe('used');
    await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/retrying|failed|cannot/i);
  }
  // What is typed may be thrown back by the page as well.
  await page.evaluate((text) => console.error(`signed in with ${text}`), PASSWORD);
  await expect.poll(() => logOf(userData)).toContain('signed in with [hidden]');
  await help(page).click();
  await page.getByRole('menuitem', { name: 'Copy diagnostics' }).click();
  await expect(page.locator('body')).toContainText('Diagnostics are on the clipboard');
  const diagnostics = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
  await app.close();
  echo.close();
  tokens.close();

  const log = await logOf(userData);
  for (const [where, text] of Object.entries({ log, stderr, diagnostics })) {
    expect(text.length, where).toBeGreaterThan(100);
    for (const secret of [PASSWORD, CLIENT_SECRET]) {
      expect(text, where).not.toContain(secret);
      expect(text, where).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
  }
});
