/** Each part of the running app is killed: it comes back, says so, and what was acknowledged and set is there. */
import type { ElectronApplication, Page } from '@playwright/test';
import {
  brokerAddress,
  clearMap,
  colorsAt,
  counts,
  createTopic,
  expect,
  pixelOf,
  screenshot,
  seeWorkers,
  test,
  topicBox,
} from './app';
import { produce, withAdmin } from './cluster';

const TOPIC = 'harbour';
const AT = { lat: 59.8, lon: 25.1 };
/** South of the bay of Tallinn, where no notice covers the map. */
const LAND = { lat: 59.38, lon: 25 };
const SEA = { lat: 59.7, lon: 24.8 };

const fix = (key: string, lat: number, lon: number) => ({ key, value: JSON.stringify({ lat, lon }) });

async function threeOnMap(page: Page): Promise<string> {
  await clearMap(page);
  await createTopic(page, TOPIC);
  const address = await brokerAddress(page);
  await produce(address, TOPIC, [fix('ada', AT.lat, AT.lon), fix('bea', 59.7, 24.7), fix('cyd', 59.6, 24.7)]);
  await topicBox(page, TOPIC).check();
  await expect(counts(page)).toContainText('3 read · 3 shown');
  return address;
}

const expectKept = (address: string, records: number) =>
  withAdmin(address, async (admin) => {
    expect(await admin.fetchTopicOffsets(TOPIC)).toMatchObject([{ high: String(records) }]);
  });

/** The mark is on the screen, and known by the pointer. */
async function expectMark(page: Page): Promise<void> {
  const at = await pixelOf(page, AT.lat, AT.lon);
  const hover = async () => {
    await page.mouse.move(at.x + 60, at.y + 60);
    await page.mouse.move(at.x, at.y);
    return page
      .getByRole('tooltip')
      .textContent({ timeout: 1_000 })
      .catch(() => '');
  };
  await expect.poll(hover).toContain('ada');
}

/** Asks the page when Playwright has lost sight of it; a question to a page that has just died is never answered. */
const inPage = (electron: ElectronApplication, expression: string): Promise<unknown> =>
  electron.evaluate(
    ({ BrowserWindow }, code) =>
      Promise.race([
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code).catch(String),
        new Promise((resolve) => setTimeout(resolve, 3_000, 'no answer')),
      ]),
    expression,
  );

test('the page is killed: it is loaded again and says so, with its layers, its settings and every record', async ({
  start,
}) => {
  const { electron, page } = await start();
  const address = await threeOnMap(page);
  await page.evaluate(() => window.geostream.call('motion.choose', { smooth: true }));
  await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  const text = () => inPage(electron, 'document.body.innerText');
  await expect.poll(text, { timeout: 60_000 }).toMatch(/The page ended \((crashed|killed)\) and was loaded again\./);
  await expect.poll(text, { timeout: 60_000 }).toContain('3 read · 3 shown');
  const smooth = "window.geostream.call('app.snapshot', {}).then(({ value }) => value.smoothMotion)";
  expect(await inPage(electron, smooth)).toBe(true);
  await expectKept(address, 3);
});

test('drawing worker, decoder, broker and graphics process die one after the other: each comes back, and says so', async ({
  start,
}) => {
  const { electron, page } = await start();
  const address = await threeOnMap(page);
  await seeWorkers(page);
  await expect(counts(page)).toContainText('3 read · 3 shown');
  const alert = (text: string) => page.getByRole('alert').filter({ hasText: text });
  await expectMark(page);

  const workers = (of: string) => page.workers().filter((worker) => worker.url().includes(`${of}.worker`));
  /** The one there is: with none, nothing would be done to it, and nothing would come of that. */
  const onlyWorker = async (of: string) => {
    await expect.poll(() => workers(of).length).toBe(1);
    const [worker] = workers(of);
    if (!worker) throw new Error(`there is no ${of} worker`);
    return worker;
  };
  // Those whose end somebody waits for; what ends before that is noticed only after a while.
  const watched = (of: string) =>
    page.evaluate(
      async (of) => (await navigator.locks.query()).pending?.filter(({ name }) => name?.startsWith(of)).length,
      of,
    );
  await test.step('the drawing worker throws', async () => {
    const drawing = await onlyWorker('drawing');
    await drawing.evaluate(() => {
      setTimeout(() => {
        throw new Error('a fault in the drawing');
      });
    });
    await expect(alert('a fault in the drawing) and was started again')).toBeVisible();
    await expect(counts(page)).toContainText('3 read · 3 shown');
    await expectMark(page);
  });
  await test.step('the drawing worker ends without a word', async () => {
    const drawing = await onlyWorker('drawing');
    await expect.poll(() => watched('drawing')).toBe(1);
    await drawing.evaluate(() => self.close());
    await expect(alert('(it ended) and was started again')).toBeVisible();
    await expect(counts(page)).toContainText('3 read · 3 shown');
    await expectMark(page);
    await screenshot(page, 'faults-worker');
  });

  await test.step('the tiles worker ends without a word', async () => {
    await expect.poll(() => watched('tiles')).toBe(1);
    const first = await onlyWorker('tiles');
    await first.evaluate(() => self.close());
    // Another one draws what is seen next.
    await expect.poll(() => workers('tiles').filter((worker) => worker !== first).length).toBe(1);
    const place = await pixelOf(page, SEA.lat, SEA.lon);
    const color = async () => (await colorsAt(page, [place]))[0];
    const light = await color();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(color).toMatch(/^#[01][0-9a-f][12][0-9a-f][12][0-9a-f]$/);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(color).toBe(light);
  });

  await test.step("the decoder's thread ends", async () => {
    await electron.evaluate(() => {
      const { Worker } = process.getBuiltinModule('node:worker_threads');
      const { postMessage } = Worker.prototype;
      // The thread is found when it is next spoken to, and never gets to hear it.
      Worker.prototype.postMessage = function end() {
        Worker.prototype.postMessage = postMessage;
        void this.terminate();
      };
    });
    await produce(address, TOPIC, [fix('dan', 59.6, 24.6)]);
    await expect(alert(`The map lost count of ${TOPIC}; it is being read again.`)).toBeVisible();
    await expect(counts(page)).toContainText('4 read · 4 shown');
    await expectMark(page);
  });

  await test.step('the broker is killed', async () => {
    const killed = await electron.evaluate(({ app }) => {
      const broker = app
        .getAppMetrics()
        .find(({ name, serviceName }) => [name, serviceName].includes('GeoStream broker'));
      return broker ? process.kill(broker.pid, 'SIGKILL') : false;
    });
    expect(killed).toBe(true);
    await expect(alert('It is being started again; what was acknowledged is safe.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/^connected/i, { timeout: 60_000 });
    await produce(address, TOPIC, [fix('eve', 59.6, 24.5)]);
    await expect(counts(page)).toContainText('5 read · 5 shown');
    await expectKept(address, 5);
  });

  await test.step('the graphics process is killed while pixels are painted', async () => {
    const dismiss = page.getByRole('button', { name: /^Dismiss/ });
    while ((await dismiss.count()) > 0) await dismiss.first().click();
    await page.mouse.move(1, 1);
    const places = await Promise.all([AT, LAND, SEA].map(({ lat, lon }) => pixelOf(page, lat, lon)));
    await expect.poll(async () => new Set(await colorsAt(page, places)).size).toBe(3);
    const before = await colorsAt(page, places);
    await screenshot(page, 'faults-gpu-before');
    const killed = await electron.evaluate(({ app }) => {
      const gpu = app.getAppMetrics().find(({ type }) => type === 'GPU');
      return gpu ? process.kill(gpu.pid, 'SIGKILL') : false;
    });
    expect(killed).toBe(true);
    await expect(alert('The graphics process ended (killed); the map is drawn anew.')).toBeVisible();
    await expect.poll(() => colorsAt(page, places)).toEqual(before);
    await expectMark(page);
    await screenshot(page, 'faults-gpu-after');
  });
});

test('a map that cannot be made is told of in its place, and the panels are there all the same', async ({ start }) => {
  const { page } = await start();
  await expect(page.getByRole('region', { name: 'Topics' })).toBeVisible();
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => {
      throw new Error('no canvas is to be had');
    };
  });
  await page.reload();
  const told = page.getByRole('alert').filter({ hasText: 'The map has stopped because of an error in GeoStream.' });
  await expect(told).toContainText('no canvas is to be had');
  await expect(page.getByRole('region', { name: 'Topics' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Inject' })).toBeVisible();
});
