/**
 * From handing a record to a producer to the frame that shows it: a selected entity moves five times a second among
 * 1,000 and 10,000 records a second. Reference: bare kafkajs `eachMessage`, from the same producer, right after.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createTopics, startBroker } from '../builtInBroker.mjs';
import { openApp, untilListed } from '../openApp.mjs';
import { talkTo } from '../ownProcess.mjs';
import { lessIsBetter } from '../rows.mjs';
import { rateNote, startSteadyLoad } from '../steadyLoad.mjs';
import { PROBE_EVERY_MS, percentile, placeNumber, placeOfStep, probePlace, sentToSeen, worldPixel } from './probe.mjs';

const TOPIC = 'latency';
const PARTITIONS = 4;
const RATES = [1_000, 10_000];
/** Above the reference, ms. */
const GOALS = [
  { name: 'p50', p: 0.5, goal: { overReference: 25 } },
  { name: 'p99', p: 0.99, goal: { overReference: 60 } },
];
/** After the probe was selected, until its card is there and the map is at rest. */
const SETTLE_MS = 2_000;
/** Of the steps that were sent, so many have to be seen while it is measured. */
const SEEN_AT_LEAST = 0.5;

/** @typedef {{ step: number, at: number }[]} Steps */
/** What the page saw: the marker's place beside the map's centre in px, the view, and when that was put and painted. */
/** @typedef {{ x: number, y: number, lat: number, lon: number, zoom: number, putAt: number, at: number }} Sight */

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function latencyRows({ electron, short }) {
  const runs = short ? 1 : 3;
  const measuredMs = short ? 20_000 : 40_000;
  const rows = [];
  for (const rate of RATES) {
    const own = [];
    const reference = [];
    let slowest = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs; run++) {
      const taken = await measure(electron, rate, measuredMs);
      own.push(taken.painted);
      reference.push(taken.consumed);
      slowest = Math.min(slowest, taken.perSecond);
    }
    for (const { name, p, goal } of GOALS) {
      rows.push(
        lessIsBetter({
          row: 'latency',
          case: `${rate.toLocaleString('en-US')}/s ${name}`,
          unit: 'ms',
          values: own.map((values) => percentile(p, values)),
          reference: {
            name: 'bare kafkajs eachMessage',
            values: reference.map((values) => percentile(p, values)),
          },
          goal,
          note: rateNote(rate, slowest),
        }),
      );
    }
  }
  return rows;
}

/**
 * @param {string} electron
 * @param {number} rate
 * @param {number} measuredMs
 */
async function measure(electron, rate, measuredMs) {
  const broker = await startBroker();
  try {
    await createTopics(broker.address, [TOPIC], PARTITIONS);
    const load = startSteadyLoad(broker, { topic: TOPIC, partitions: PARTITIONS, rate });
    try {
      const painted = await producedToPainted(electron, broker, load, measuredMs);
      const consumed = await producedToConsumed(broker.address, load, measuredMs);
      const { perSecond } = await load.stop();
      return { painted, consumed, perSecond };
    } finally {
      await load.end();
    }
  } finally {
    await broker.close();
  }
}

/** @typedef {ReturnType<typeof startSteadyLoad>} Load */

/**
 * @param {string} electron
 * @param {{ host: string, port: number }} cluster
 * @param {Load} load
 * @param {number} measuredMs
 */
async function producedToPainted(electron, cluster, load, measuredMs) {
  const { page, close } = await openApp({ electron, cluster });
  try {
    await untilListed(page, 1);
    await page.evaluate(async (topic) => {
      const answer = await window.geostream.call('layers.add', {
        topic,
        start: { kind: 'now' },
        stop: { kind: 'never' },
      });
      if (!answer.ok) throw new Error(answer.error.message);
    }, TOPIC);
    await selectProbe(page);
    await page.waitForTimeout(SETTLE_MS);
    await page.evaluate(watchMarker);
    const from = Date.now();
    load.go();
    await wait(measuredMs);
    const until = Date.now();
    // What was sent at the very end gets the time to be seen.
    await wait(5 * PROBE_EVERY_MS);
    const sights = await page.evaluate(() => /** @type {Sight[]} */ (Reflect.get(window, 'benchSights')));
    const seen = sights.map((sight) => ({ place: placeNumber(sight, sight), at: sight.at, putAt: sight.putAt }));
    const sent = between(load.sent, from, until);
    const put = sentToSeen(
      sent,
      seen.map(({ place, putAt }) => ({ place, at: putAt })),
    );
    console.log(
      `latency ${sent.length} steps, ${seen.filter(({ place }) => place !== -1).length} in a frame of their own; ` +
        `p50 until that frame was in the page ${percentile(0.5, put).toFixed(0)} ms`,
    );
    return enough('the map', sent, seen);
  } finally {
    await close();
  }
}

/**
 * Clicks where the probe stands until it is the selected entity.
 *
 * @param {import('playwright').Page} page
 */
async function selectProbe(page) {
  const map = page.getByTestId('map');
  const deadline = performance.now() + SELECTED_WITHIN_MS;
  const marker = page.locator('.geostream-selected[aria-label^="Selected: probe,"]');
  while ((await marker.count()) === 0) {
    if (performance.now() > deadline) throw new Error(`the probe was not selected within ${SELECTED_WITHIN_MS} ms`);
    const box = await map.boundingBox();
    const view = await map.evaluate((element) => {
      const { lat, lon, zoom } = /** @type {HTMLElement} */ (element).dataset;
      return { lat: Number(lat), lon: Number(lon), zoom: Number(zoom) };
    });
    if (box === null) throw new Error('the map is not to be seen');
    const at = worldPixel(probePlace(0), view.zoom);
    const centre = worldPixel(view, view.zoom);
    const x = box.x + box.width / 2 + at.x - centre.x;
    const y = box.y + box.height / 2 + at.y - centre.y;
    await page.mouse.move(x, y);
    await page.mouse.click(x, y);
    await page.waitForTimeout(1_000);
  }
  // Off the entity: what is under the pointer is described, which is work of its own.
  await page.mouse.move(2, 2);
}
const SELECTED_WITHIN_MS = 60_000;

/**
 * In the page. Notes where the selected marker stands in each frame of the points that is put on the screen, if it has
 * moved, and when that frame was painted: the task after the next animation frame, as `onFirstPoint` of createMapView.ts
 * has it. The marker may move with a message that comes before the frame; hence the frame is what counts.
 */
function watchMarker() {
  /** @type {Sight[]} */
  const sights = [];
  Object.assign(window, { benchSights: sights });
  const map = /** @type {HTMLElement} */ (document.querySelector('[data-testid="map"]'));
  let transform = '';
  let moved = false;
  const look = () => {
    const marker = document.querySelector('.geostream-selected');
    if (!(marker instanceof HTMLElement) || marker.style.transform === transform) return;
    transform = marker.style.transform;
    moved = true;
  };
  look();
  moved = false;
  new MutationObserver(look).observe(map, { subtree: true, attributes: true, attributeFilter: ['style'] });

  const framed = () => {
    if (!moved) return;
    moved = false;
    const marker = document.querySelector('.geostream-selected');
    if (marker === null) return;
    const [own, all] = [marker.getBoundingClientRect(), map.getBoundingClientRect()];
    const { lat, lon, zoom } = map.dataset;
    const sight = {
      x: own.x + own.width / 2 - all.x - all.width / 2,
      y: own.y + own.height / 2 - all.y - all.height / 2,
      lat: Number(lat),
      lon: Number(lon),
      zoom: Number(zoom),
      putAt: Date.now(),
    };
    requestAnimationFrame(() => setTimeout(() => sights.push({ ...sight, at: Date.now() })));
  };
  const { prototype } = ImageBitmapRenderingContext;
  const put = prototype.transferFromImageBitmap;
  prototype.transferFromImageBitmap = function (bitmap) {
    put.call(this, bitmap);
    // Behind the observer, which hears of the marker once this task is over.
    queueMicrotask(() => queueMicrotask(framed));
  };
}

/**
 * @param {string} address
 * @param {Load} load
 * @param {number} measuredMs
 */
async function producedToConsumed(address, load, measuredMs) {
  /** @type {Steps} */
  const handed = [];
  let reading = () => {};
  const isReading = new Promise((resolve) => {
    reading = () => resolve(undefined);
  });
  const consumer = talkTo(join(import.meta.dirname, 'consumer.mjs'), [address, TOPIC], (word) => {
    if (word === 'reading') reading();
    else handed.push(/** @type {Steps[number]} */ (word));
  });
  try {
    const ended = consumer.ended.then(() => {
      throw new Error('the bare kafkajs consumer ended by itself');
    });
    await Promise.race([isReading, ended]);
    ended.catch(() => undefined);
    await wait(SETTLE_MS);
    const from = Date.now();
    await wait(measuredMs);
    const until = Date.now();
    await wait(5 * PROBE_EVERY_MS);
    const seen = handed.map(({ step, at }) => ({ place: placeOfStep(step), at }));
    return enough(
      'bare kafkajs',
      between(load.sent, from, until),
      seen.filter(({ at }) => at >= from),
    );
  } finally {
    await consumer.end();
  }
}

/** @param {Steps} steps @param {number} from epoch ms @param {number} until epoch ms */
const between = (steps, from, until) => steps.filter(({ at }) => at >= from && at <= until);

/**
 * @param {string} who
 * @param {Steps} sent
 * @param {{ place: number, at: number }[]} sights
 */
function enough(who, sent, sights) {
  const taken = sentToSeen(sent, sights);
  if (sent.length === 0 || taken.length < SEEN_AT_LEAST * sent.length) {
    throw new Error(`${who} showed ${taken.length} of ${sent.length} steps of the probe`);
  }
  return taken;
}
