/** Paints with both painters and compares, in a worker, as in the app. */
import { ChosenPainter } from '../../../src/renderer/map/worker/chosenPainter';
import type { PainterState } from '../../../src/renderer/map/worker/messages';
import type { Painter, Subject } from '../../../src/renderer/map/worker/painter';
import { type PictureDifference, pictureDifference } from '../../../src/renderer/map/worker/pictureDifference';
import { PixelPainter } from '../../../src/renderer/map/worker/pixelPainter';
import { pictureOf } from '../../../src/renderer/map/worker/webgl/proof';
import { WebglPainter } from '../../../src/renderer/map/worker/webgl/webglPainter';
import type { Answer, Answers, Picks, Question, Trick } from './messages';
import { largeCrowd, scenes } from './scenes';

const scope = self as unknown as DedicatedWorkerGlobalScope;

/** The contexts that painters have opened, the newest last; to lose one as a driver would. */
const contexts: WebGL2RenderingContext[] = [];
const getContext = OffscreenCanvas.prototype.getContext;
OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...args: Parameters<typeof getContext>) {
  const context = Reflect.apply(getContext, this, args);
  if (context instanceof WebGL2RenderingContext) contexts.push(context);
  return context;
} as typeof getContext;

/** WebGL's painter as it is, without its proof. */
function openWebglPainter(): Painter {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', { antialias: false, depth: false });
  if (!gl) throw new Error('there is no WebGL2 here');
  return new WebglPainter(gl);
}

function sceneOf(name: string): Subject {
  const make = scenes[name];
  if (!make) throw new Error(`there is no scene ${name}`);
  return make();
}

/**
 * Asks both painters of a frame, in it and a little beyond its edges: at so many places where the first one finds
 * somebody, and at a quarter as many where it finds nobody.
 */
function comparePicks(one: Painter, other: Painter, frame: number, { view }: Subject, most = 60): Picks {
  const places: { readonly x: number; readonly y: number; readonly found: boolean }[] = [];
  for (let y = -3.5; y < view.height / view.scale + 4; y += 9) {
    for (let x = -3.5; x < view.width / view.scale + 4; x += 9) {
      places.push({ x, y, found: one.pick(frame, x, y) !== null });
    }
  }
  const spread = (found: boolean, limit: number) => {
    const those = places.filter((place) => place.found === found);
    return those.filter((_, i) => i % Math.ceil(those.length / limit) === 0);
  };
  let [asked, hit, wrong] = [0, 0, 0];
  for (const { x, y } of [...spread(true, most), ...spread(false, most / 4)]) {
    const [expected, found] = [one.pick(frame, x, y), other.pick(frame, x, y)];
    asked++;
    if (expected) hit++;
    if (expected?.stream !== found?.stream || expected?.entity !== found?.entity) wrong++;
  }
  return { asked, hit, wrong };
}

function compare(name: string): Answers['compare'] {
  const subject = sceneOf(name);
  const [pixels, webgl] = [new PixelPainter(), openWebglPainter()];
  const [expected, painted] = [pixels.paint(1, subject), webgl.paint(1, subject)];
  if (JSON.stringify(expected.drawn) !== JSON.stringify(painted.drawn)) {
    throw new Error(`drawn ${JSON.stringify(painted.drawn)} instead of ${JSON.stringify(expected.drawn)}`);
  }
  const difference = pictureDifference(pictureOf(expected, subject.view), pictureOf(painted, subject.view));
  // Each question draws all marks once more, which takes its time in software.
  const picks = comparePicks(pixels, webgl, 1, subject, expected.drawn.onMap > 5_000 ? 16 : 60);
  webgl.close();
  return { difference, picks, trailLimit: painted.drawn.trailLimit };
}

/** Three frames of different views and themes: the last two can be asked who is where, as they were drawn. */
function hold(): Answers['hold'] {
  const [pixels, webgl] = [new PixelPainter(), openWebglPainter()];
  const first = sceneOf('marks with a heading');
  const { view } = first;
  const subjects: Subject[] = [
    first,
    { ...first, view: { ...view, x: view.x + 31.7 } },
    { ...first, view: { ...view, y: view.y - 18.2 }, theme: 'dark' },
  ];
  for (const [i, subject] of subjects.entries()) {
    for (const painter of [pixels, webgl]) pictureOf(painter.paint(i + 1, subject), subject.view);
  }
  const picksOf = (frame: number) => comparePicks(pixels, webgl, frame, first);
  const answer = { before: picksOf(2), last: picksOf(3), gone: picksOf(1), beside: webgl.pick(3, -50, 20) === null };
  webgl.close();
  return answer;
}

/** The same frames, the first of them before the helper has started, by turns of two views: so all marks are painted. */
async function share(): Promise<Answers['share']> {
  let jobs = 0;
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (...args: unknown[]) {
    jobs++;
    Reflect.apply(postMessage, this, args);
  };
  try {
    const here = largeCrowd();
    const beside = { ...here, view: { ...here.view, x: here.view.x + 5 } };
    const [alone, shared] = [new PixelPainter(), new PixelPainter()];
    const expected = pictureOf(alone.paint(100, here), here.view);
    for (let frame = 1; jobs === 0 && frame < 100; frame++) {
      pictureOf(shared.paint(frame, beside), beside.view);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const before = jobs;
    const difference = pictureDifference(expected, pictureOf(shared.paint(100, here), here.view));
    const picks = comparePicks(alone, shared, 100, here);
    for (const painter of [alone, shared]) painter.close();
    return { difference, jobs: jobs - before, picks };
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
}

function playTrick(trick: Trick): () => void {
  const { getParameter, drawArrays, blendFunc } = WebGL2RenderingContext.prototype;
  const prototype = WebGL2RenderingContext.prototype;
  if (trick === 'real-name') {
    prototype.getParameter = function (name: number) {
      const value: unknown = Reflect.apply(getParameter, this, [name]);
      return typeof value === 'string' && /swiftshader/i.test(value)
        ? 'ANGLE (Maker, Real Chip 9000, driver 1)'
        : value;
    };
  }
  if (trick === 'draws-nothing') prototype.drawArrays = () => undefined;
  if (trick === 'blends-wrong') {
    prototype.blendFunc = function () {
      Reflect.apply(blendFunc, this, [this.SRC_ALPHA, this.ONE_MINUS_SRC_ALPHA]);
    };
  }
  return () => Object.assign(prototype, { getParameter, drawArrays, blendFunc });
}

/** What the painter paints, beside what the pixel painter paints of the same. */
function differenceOf(painter: Painter, frame: number, subject: Subject): PictureDifference {
  const expected = pictureOf(new PixelPainter().paint(1, subject), subject.view);
  return pictureDifference(expected, pictureOf(painter.paint(frame, subject), subject.view));
}

function choose(wish: 'automatic' | 'pixels' | 'webgl', trick: Trick): Answers['choose'] {
  const states: PainterState[] = [];
  const undo = playTrick(trick);
  try {
    const painter = new ChosenPainter(
      (state) => states.push(state),
      () => undefined,
    );
    painter.choose(wish);
    const difference = differenceOf(painter, 1, sceneOf('everything at once'));
    painter.close();
    return { states, difference };
  } finally {
    undo();
  }
}

async function lose(when: 'before-a-frame' | 'at-rest'): Promise<Answers['lose']> {
  const states: PainterState[] = [];
  let repaints = 0;
  let onRepaint: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    onRepaint = resolve;
  });
  const painter = new ChosenPainter(
    (state) => states.push(state),
    () => {
      repaints++;
      onRepaint();
    },
  );
  painter.choose('webgl');
  const subject = sceneOf('everything at once');
  pictureOf(painter.paint(1, subject), subject.view);
  const context = contexts.at(-1);
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  if (when === 'at-rest') await asked;
  const difference = differenceOf(painter, 2, subject);
  const pixels = new PixelPainter();
  pictureOf(pixels.paint(2, subject), subject.view);
  const picks = comparePicks(pixels, painter, 2, subject);
  // Time for an event that would tell of the same loss once more.
  await new Promise((resolve) => setTimeout(resolve, 200));
  painter.close();
  return { states, repaints, difference, picks };
}

function answerTo(question: Question): Answers[keyof Answers] | Promise<Answers[keyof Answers]> {
  switch (question.ask) {
    case 'compare':
      return compare(question.scene);
    case 'hold':
      return hold();
    case 'share':
      return share();
    case 'choose':
      return choose(question.wish, question.trick);
    case 'lose':
      return lose(question.when);
  }
}

scope.onmessage = async ({ data }: MessageEvent<Question>) => {
  const tell = (answer: Answer) => scope.postMessage(answer);
  try {
    tell({ answer: await answerTo(data) });
  } catch (error) {
    tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
};
