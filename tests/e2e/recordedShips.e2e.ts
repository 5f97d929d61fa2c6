/** Real input, end to end: ten minutes of AIS from the Gulf of Finland, played from a file and produced by kcat. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import {
  brokerAddress,
  clearMap,
  counts,
  createTopic,
  dataFile,
  expect,
  hasKcat,
  pixelOf,
  screenshot,
  test,
  topicBox,
} from './app';
import { playFile } from './panels';

const AIS = dataFile('ais-gulf-of-finland.ndjson');

interface Report {
  readonly mmsi: string;
  readonly lat: number;
  readonly lon: number;
}
const reports = readFileSync(AIS, 'utf8')
  .trimEnd()
  .split('\n')
  .map((row) => JSON.parse(row) as Report);
const lastByShip = new Map(reports.map((report) => [report.mmsi, report]));

/** Ships whose last positions lie apart from every other ship's, so that a click can mean only one of them. */
function shipsApart(howMany: number): Report[] {
  const ships = [...lastByShip.values()];
  const distance = (a: Report, b: Report) => Math.hypot(a.lat - b.lat, (a.lon - b.lon) / 2);
  return ships
    .map((ship) => ({
      ship,
      nearest: Math.min(...ships.filter((other) => other !== ship).map((other) => distance(ship, other))),
    }))
    .sort((a, b) => b.nearest - a.nearest)
    .slice(0, howMany)
    .map(({ ship }) => ship);
}

async function createAndTick(page: Page, topic: string): Promise<void> {
  await createTopic(page, topic, 3);
  await topicBox(page, topic).check();
  await expect(page.getByRole('article', { name: `Layer ${topic}` })).toBeVisible();
}

async function expectTheShips(page: Page): Promise<void> {
  await expect(counts(page)).toContainText('2,867 read', { timeout: 60_000 });
  await expect(counts(page)).toContainText('0 refused');
  await expect(counts(page)).toContainText('0 waiting');
  await expect(counts(page)).toContainText('95 entities');
}

async function clickFiveShips(page: Page, topic: string): Promise<void> {
  const card = page.getByRole('complementary', { name: 'Entity' });
  for (const ship of shipsApart(5)) {
    const { x, y } = await pixelOf(page, ship.lat, ship.lon);
    await page.mouse.move(x, y);
    await expect(page.getByRole('tooltip')).toContainText(ship.mmsi);
    await page.mouse.click(x, y);
    await expect(card).toContainText(ship.mmsi);
    await expect(card).toContainText(topic);
    await expect(card).toContainText(`"mmsi": "${ship.mmsi}"`);
    await page.keyboard.press('Escape');
    await expect(card).toBeHidden();
  }
}

test('a recorded file is played: every record is counted, every ship is where it should be', async ({ start }) => {
  const { electron, page, errors } = await start();
  await clearMap(page);
  await createAndTick(page, 'ais');
  const play = await playFile(electron, page, { file: AIS, keyField: 'mmsi', topic: 'ais' });
  await expectTheShips(page);
  await expect(play).toContainText('2,867');
  await screenshot(page, 'ais');
  await clickFiveShips(page, 'ais');

  // Reloading the page: the map fills again.
  await page.reload();
  await expectTheShips(page);
  await clickFiveShips(page, 'ais');
  expect(errors).toEqual([]);
});

test('the same records, produced by kcat from outside with the window open, give the same map', async ({ start }) => {
  test.skip(!hasKcat(), 'kcat is not installed (apt-get install -y kcat)');
  const { page } = await start();
  await clearMap(page);
  await createAndTick(page, 'ais');
  const lines = readFileSync(AIS, 'utf8').trimEnd().split('\n');
  const input = lines.map((line, i) => `${reports[i]?.mmsi}\t${line}`).join('\n');
  execFileSync('kcat', ['-P', '-b', await brokerAddress(page), '-t', 'ais', '-K', '\t'], { input: `${input}\n` });
  await expectTheShips(page);
  await clickFiveShips(page, 'ais');
});

test('1,707 earthquakes are read', async ({ start }) => {
  const { electron, page } = await start();
  await clearMap(page);
  await createAndTick(page, 'quakes');
  await playFile(electron, page, { file: dataFile('earthquakes-usgs.geojsonl'), keyField: 'id', topic: 'quakes' });
  await expect(counts(page)).toContainText('1,707 read');
  await expect(counts(page)).toContainText('0 refused');
  await expect(counts(page)).toContainText('0 waiting');
});
