/** What random hands do to the window: each action says in a few words what it did. */

/** @typedef {{ between(least: number, greatest: number): number, pick<T>(from: readonly T[]): T }} Random */
/** @typedef {{ x: number, y: number, words: string, editable: boolean }} Target */

/** Where a name of a host is wanted only these are typed: nothing leaves the machine. */
const ADDRESSES = ['127.0.0.1:1', 'localhost:1', '127.0.0.1:99999', '', '[::1]:1', 'no host at all'];
const WORDS = [
  '',
  'a',
  '0',
  '-200',
  '24.9',
  '1e999',
  'geostream',
  'monkey',
  'speed = 7.2',
  '{"a":[1,null]}',
  '{"a":',
  '<img src=x onerror=alert(1)>',
  '\u202eright to left',
  '__proto__',
  'constructor = 1',
  '\ud83d\udea2 ship',
  'long '.repeat(1_000),
];
const KEYS = [
  ...['Tab', 'Shift+Tab', 'Escape', 'Enter', 'Space', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
  ...['Home', 'End', 'PageUp', 'PageDown', 'Delete', 'Backspace', '+', '-', '/', '?', '[', ']', 'a', 'Control+a'],
];
const SIZES = [
  [1280, 800],
  [900, 640],
  [1100, 700],
];

/**
 * What can be pressed or typed into now, and is on top where it stands; in the order of the page.
 *
 * @param {import('playwright').Page} page
 * @returns {Promise<Target[]>}
 */
const targets = (page) =>
  page.evaluate(() => {
    const wanted = 'button, input, textarea, select, [role="menuitem"], [role="tab"], [role="option"], a, summary';
    return [...document.querySelectorAll(wanted)].flatMap((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const above = width > 0 && height > 0 ? document.elementFromPoint(x, y) : null;
      if (!above || !(element.contains(above) || above.contains(element))) return [];
      const words = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
      const label = element instanceof HTMLInputElement ? (element.labels?.[0]?.textContent ?? '') : '';
      const editable = element.matches('textarea, input:not([type="checkbox"]):not([type="radio"])');
      return [{ x, y, words: `${label} ${words}`.trim().slice(0, 60), editable }];
    });
  });

/** @param {import('playwright').Page} page @param {Random} random */
async function press(page, random) {
  const there = await targets(page);
  if (there.length === 0) return 'nothing to press';
  const { x, y, words, editable } = random.pick(there);
  await page.mouse.click(x, y);
  if (!editable) return `press "${words}"`;
  const text = random.pick(/server|bootstrap|host|endpoint|address|url/i.test(words) ? ADDRESSES : WORDS);
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
  return `type ${JSON.stringify(text.slice(0, 40))} into "${words}"`;
}

/** @param {import('playwright').Page} page @param {Random} random */
async function key(page, random) {
  const name = random.pick(KEYS);
  await page.keyboard.press(name);
  return `key ${name}`;
}

/** Somewhere on the map, if it is to be seen. @param {import('playwright').Page} page @param {Random} random */
async function placeOnMap(page, random) {
  const box = await page.getByTestId('map').boundingBox();
  if (!box) return null;
  const within = (/** @type {number} */ from, /** @type {number} */ length) =>
    from + random.between(2, Math.max(3, length - 2));
  return { x: within(box.x, box.width), y: within(box.y, box.height) };
}

/** @param {import('playwright').Page} page @param {Random} random */
async function onMap(page, random) {
  const [from, to] = [await placeOnMap(page, random), await placeOnMap(page, random)];
  if (!from || !to) return 'no map';
  await page.mouse.move(from.x, from.y);
  switch (random.between(0, 4)) {
    case 0:
      await page.mouse.click(from.x, from.y);
      return 'click on the map';
    case 1:
      await page.mouse.dblclick(from.x, from.y);
      return 'double click on the map';
    case 2: {
      const by = random.pick([-600, -120, 120, 600]);
      await page.mouse.wheel(0, by);
      return `wheel ${by}`;
    }
    case 3:
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 4 });
      await page.mouse.up();
      return 'drag the map';
    default:
      await page.mouse.move(to.x, to.y, { steps: 4 });
      return 'move over the map';
  }
}

/** @param {import('playwright').Page} page @param {Random} random @param {import('playwright').ElectronApplication} app */
async function surroundings(page, random, app) {
  if (random.between(0, 1) === 0) {
    const colorScheme = random.pick(/** @type {const} */ (['light', 'dark']));
    await page.emulateMedia({ colorScheme });
    return `a ${colorScheme} system`;
  }
  const [width = 1280, height = 800] = random.pick(SIZES);
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setSize(size.width, size.height), {
    width,
    height,
  });
  return `a window of ${width} x ${height}`;
}

/**
 * One action, by chance.
 *
 * @param {import('playwright').ElectronApplication} app
 * @param {import('playwright').Page} page
 * @param {Random} random
 * @returns {Promise<string>} what it was
 */
export async function act(app, page, random) {
  const chance = random.between(1, 100);
  if (chance <= 55) return press(page, random);
  if (chance <= 75) return key(page, random);
  if (chance <= 97) return onMap(page, random);
  return surroundings(page, random, app);
}
