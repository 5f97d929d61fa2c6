/** The options of the command line, as the person types them: what is printed, the exit code, and read-only. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { brokerAddress, counts, electronPath, expect, screenshot, test, topicBox } from './app';
import { produce, withAdmin } from './cluster';

const ROOT = resolve(import.meta.dirname, '../..');

interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the app until it ends by itself. */
function runApp(userData: string, args: readonly string[]): Promise<Ended> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const all = [...asRoot, ROOT, '--disable-gpu', ...(userData === '' ? [] : [`--user-data-dir=${userData}`]), ...args];
  return new Promise((done) => {
    execFile(electronPath(), all, { timeout: 60_000, killSignal: 'SIGKILL' }, (error, stdout, stderr) =>
      done({ code: error ? (error.code ?? error.signal ?? null) : 0, stdout, stderr }),
    );
  });
}

test('help and version are printed without a window; what is wrong is said, and ends with 64', async ({ userData }) => {
  const help = await runApp(userData, ['--help']);
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--user-data-dir FOLDER') });
  const version = await runApp(userData, ['--version']);
  expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^GeoStream \d+\.\d+\.\d+\n$/) });

  const unknown = await runApp(userData, ['--readonly']);
  expect(unknown).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('no option --readonly.') });
  const file = join(userData, 'a-file');
  await writeFile(file, '');
  const badFolder = await runApp('', [`--user-data-dir=${file}`]);
  expect(badFolder).toMatchObject({ code: 64, stderr: expect.stringContaining('a file is in its place') });
});

/** What a write comes to, in the page's own way; null when it was done. */
const refusalOf = (page: Page, run: 'send' | 'create' | 'delete' | 'retention' | 'simulate') =>
  page.evaluate(async (kind) => {
    const { call } = window.geostream;
    const area = { south: 59, west: 24, north: 60, east: 25 };
    const message = { topic: 'harbour', key: 'x', lat: 1, lon: 2, fields: {} };
    const retention = { ms: { kind: 'own', value: 60_000 }, bytes: { kind: 'default' } } as const;
    switch (kind) {
      case 'send': {
        const answer = await call('produce.send', { messages: [message] });
        if (!answer.ok) return answer.error.message;
        const [sent] = answer.value;
        return sent?.kind === 'failed' ? sent.message : null;
      }
      case 'create': {
        const answer = await call('topics.create', { topic: 'new', partitions: 1, retentionMs: null });
        return answer.ok ? null : answer.error.message;
      }
      case 'delete': {
        const answer = await call('topics.delete', { topic: 'harbour' });
        return answer.ok ? null : answer.error.message;
      }
      case 'retention': {
        const answer = await call('topics.setRetention', { topic: 'harbour', change: retention });
        return answer.ok ? null : answer.error.message;
      }
      case 'simulate': {
        const answer = await call('simulate.start', { topic: 'harbour', entities: 1, area, rate: 1, seed: 1 });
        return answer.ok ? null : answer.error.message;
      }
    }
  }, run);

test('read-only: nothing is written to the built-in broker either, and the window says so', async ({ start }) => {
  const { page, errors } = await start({ switches: ['--read-only'] });
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/^connected/i);
  await expect(page.getByTitle('GeoStream was started with --read-only')).toHaveText('Read-only');
  await expect(page.getByRole('note').filter({ hasText: 'used read-only' })).toBeVisible();

  // Other clients may write, and the map reads what they do.
  const address = await brokerAddress(page);
  await produce(address, 'harbour', [{ key: 'ada', value: JSON.stringify({ lat: 59.8, lon: 24.9 }) }]);
  await topicBox(page, 'harbour').check();
  await expect(counts(page)).toContainText('1 shown');
  for (const run of ['send', 'create', 'delete', 'retention', 'simulate'] as const)
    expect(await refusalOf(page, run), run).toBe('This cluster is used read-only.');
  await screenshot(page, 'read-only');

  // Longer than it takes until what was read is committed.
  await page.waitForTimeout(3_000);
  await withAdmin(address, async (admin) => {
    expect(await admin.listTopics()).toEqual(['harbour']);
    expect((await admin.listGroups()).groups).toEqual([]);
    expect(await admin.fetchTopicOffsets('harbour')).toMatchObject([{ high: '1' }]);
  });
  expect(errors).toEqual([]);
});
