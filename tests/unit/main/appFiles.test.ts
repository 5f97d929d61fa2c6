import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Asked, answerFrom } from '../../../src/main/window/appFiles';
import { makeGuardedFolder, removeGuardedFolder } from '../../apacheKafka/guarded.mjs';

const SECRET = 'not for the page';
let above: string;
let answer: (request: Asked) => Promise<Answer>;

const ask = (url: string, method = 'GET') => answer({ url, method });
const text = ({ body }: Answer) => body.toString();

beforeAll(async () => {
  above = await makeGuardedFolder('geostream-app-files-');
  const folder = join(above, 'renderer');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await mkdir(join(above, 'renderer-of-another'));
  await writeFile(join(above, 'secret.json'), SECRET);
  await writeFile(join(above, 'renderer-of-another', 'secret.json'), SECRET);
  await writeFile(join(folder, 'notes.txt'), SECRET);
  await writeFile(join(folder, 'index.html'), '<meta content="__CSP_NONCE__">');
  await writeFile(join(folder, 'assets', 'page.js'), 'export {};');
  await symlink(join(above, 'secret.json'), join(folder, 'link.json'));
  await symlink(above, join(folder, 'linked'));
  await symlink(join(folder, 'assets', 'page.js'), join(folder, 'inside.js'));
  answer = answerFrom(folder);
});

afterAll(() => removeGuardedFolder(above));

describe("the app's own scheme", () => {
  it('serves the page and its assets, with their types', async () => {
    expect((await ask('app://geostream/')).headers['content-type']).toContain('text/html');
    expect(text(await ask('app://geostream/assets/page.js'))).toBe('export {};');
    expect((await ask('app://geostream/inside.js')).status).toBe(200);
  });

  it('gives each load of the page a nonce of its own, and names it in the policy', async () => {
    const [first, second] = [await ask('app://geostream/index.html'), await ask('app://geostream/index.html')];
    const nonce = /content="(.+)"/.exec(text(first))?.[1] ?? 'none';
    expect(first.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    expect(second.headers['content-security-policy']).not.toContain(nonce);
  });

  it.each([
    'app://geostream/../secret.json',
    'app://geostream/%2e%2e/secret.json',
    'app://geostream/..%2fsecret.json',
    'app://geostream/assets/..%2f..%2fsecret.json',
    'app://geostream/%2e%2e%2frenderer-of-another%2fsecret.json',
    'app://geostream/..%5csecret.json',
    'app://geostream/%252e%252e%252fsecret.json',
    'app://geostream//etc/passwd',
    'app://geostream/%00',
    'app://geostream/secret.json%00.js',
    'app://geostream/%',
    'app://geostream/assets',
    'app://geostream/notes.txt',
    'app://geostream/link.json',
    'app://geostream/linked/secret.json',
    'app://other/index.html',
    'app://geostream.example/index.html',
    'app://geostream@other/index.html',
    'app://geostream:80/index.html',
    'file://geostream/index.html',
  ])('has nothing at %s', async (url) => {
    const response = await ask(url);
    expect(response.status).toBe(404);
    expect(text(response)).toBe('not found');
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it.each(['POST', 'HEAD', 'PUT', 'OPTIONS'])('answers no %s', async (method) => {
    expect((await ask('app://geostream/index.html', method)).status).toBe(404);
  });
});
