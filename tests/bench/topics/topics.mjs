/**
 * A big cluster, 5,000 topics of four partitions: from the start of connecting to the list in the page, against the same
 * asked by bare kafkajs; and the longest frame while the list is scrolled from top to bottom, against the same window
 * at rest.
 */
import { readFile } from 'node:fs/promises';
import { createTopics, startBroker } from '../builtInBroker.mjs';
import { openApp, untilListed } from '../openApp.mjs';
import { bareKafkajs } from '../ownProcess.mjs';
import { lessIsBetter } from '../rows.mjs';

const TOPICS = 5_000;
const TOPICS_IN_SHORT = 500;
const PARTITIONS = 4;
const LIST_GOAL_MS = 1_000;
/** What a browser calls a long task begins here. */
const FRAME_GOAL_MS = 50;
const SCROLL_MS = 3_000;

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function topicsRows({ electron, short }) {
  const runs = short ? 3 : 5;
  const topics = await howMany(short ? TOPICS_IN_SHORT : TOPICS);
  const broker = await startBroker();
  try {
    const names = Array.from({ length: topics }, (_, i) => `topic-${String(i).padStart(4, '0')}`);
    await createTopics(broker.address, names, PARTITIONS);
    const { page, close } = await openApp({ electron, cluster: broker });
    try {
      await untilListed(page, topics);
      const listed = [];
      const metadata = [];
      const scrolling = [];
      const still = [];
      const switchClusters = await secondCluster(page);
      for (let run = 0; run < runs; run++) {
        listed.push(await switchClusters(topics));
        metadata.push(await bareKafkajs('topics', broker.address));
        scrolling.push(await longestFrame(page, true));
        still.push(await longestFrame(page, false));
      }
      return [
        lessIsBetter({
          row: 'topics',
          case: `list of ${topics}`,
          unit: 'ms',
          values: listed,
          reference: { name: 'bare kafkajs, fetchTopicMetadata', values: metadata },
          goal: { atMost: LIST_GOAL_MS },
        }),
        lessIsBetter({
          row: 'topics',
          case: 'longest frame',
          unit: 'ms',
          values: scrolling,
          reference: { name: 'without scrolling', values: still },
          goal: { atMost: FRAME_GOAL_MS },
        }),
      ];
    } finally {
      await close();
    }
  } finally {
    await broker.close();
  }
}

/** The built-in broker holds a file open for each partition: as many topics as this machine's limit has room for. @param {number} wanted */
async function howMany(wanted) {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const files = Number(/^Max open files +\S+ +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  const room = Math.floor((files - 500) / PARTITIONS);
  if (room >= wanted) return wanted;
  console.log(
    `topics  ${room} in place of ${wanted} topics: a process may hold no more than ${files} files open here.`,
  );
  return room;
}

/**
 * Has the app leave its cluster for one where nobody answers and come back to it, so that connecting starts when we say.
 *
 * @param {import('playwright').Page} page
 */
async function secondCluster(page) {
  const { here, elsewhere } = await page.evaluate(async () => {
    const snapshot = await window.geostream.call('app.snapshot', {});
    const saved = await window.geostream.call('profiles.save', {
      id: null,
      fields: {
        name: 'Elsewhere',
        bootstrap: ['127.0.0.1:1'],
        clientId: 'geostream',
        readOnly: true,
        tls: null,
        sasl: null,
      },
      secrets: {},
      keepSecrets: false,
    });
    if (!snapshot.ok || !saved.ok) throw new Error('the profile could not be saved');
    return { here: snapshot.value.profiles.active, elsewhere: saved.value.id };
  });
  /** @param {number} topics @returns {Promise<number>} ms from the start of connecting to the list on the page */
  return async (topics) => {
    await page.evaluate((id) => window.geostream.call('profiles.use', { id }), elsewhere);
    await page.waitForFunction(() => document.querySelector('[data-row]') === null);
    return page.evaluate(
      ({ id, topics }) =>
        new Promise((resolve) => {
          const start = performance.now();
          const look = () => {
            const size = Number(document.querySelector('[data-row]')?.getAttribute('aria-setsize') ?? 0);
            if (size < topics) requestAnimationFrame(look);
            // The task after the next animation frame: then the list has been painted.
            else requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
          };
          void window.geostream.call('profiles.use', { id });
          look();
        }),
      { id: here, topics },
    );
  };
}

/**
 * @param {import('playwright').Page} page
 * @param {boolean} scrolls from top to bottom of the list; else nothing happens
 * @returns {Promise<number>} ms between two frames, the longest
 */
function longestFrame(page, scrolls) {
  return page.evaluate(
    ({ scrolls, duration }) =>
      new Promise((resolve, reject) => {
        const box = document.querySelector('[data-row]')?.closest('ul')?.parentElement;
        if (!box || box.scrollHeight <= box.clientHeight) return reject(new Error('there is no list to scroll'));
        /** @type {number | undefined} */
        let first;
        let before = 0;
        let longest = 0;
        box.scrollTop = 0;
        /** @param {number} now */
        const frame = (now) => {
          if (first === undefined) first = now;
          else longest = Math.max(longest, now - before);
          before = now;
          if (now - first >= duration) return resolve(longest);
          if (scrolls) box.scrollTop = ((now - first) / duration) * (box.scrollHeight - box.clientHeight);
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    { scrolls, duration: SCROLL_MS },
  );
}
