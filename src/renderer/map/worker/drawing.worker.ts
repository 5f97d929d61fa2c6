/**
 * The drawing worker: points come in over the port from the main process, frames go out to the page. Here are the
 * ports, the clock and the timers; what is done with them is in streams.ts and in the painter.
 *
 * One frame is under way at a time, and none is drawn when nothing changed: at rest nothing here runs.
 */
import type { PainterWish } from '../../../shared/contract';
import type { FromWorker, ToWorker } from '../../../shared/pointsPort';
import { worldSize } from '../projection';
import { liveUntilTheEnd } from '../workerLife';
import { ChosenPainter } from './chosenPainter';
import { Density, type DensityGrid } from './density';
import { FRAME_MS, FramePace } from './framePace';
import type { EntityName, FrameView, FromDrawing, PutAt, Theme, ToDrawing } from './messages';
import { PainterError, type Painting } from './painter';
import { Streams } from './streams';

/** Milliseconds between two reports of the selected entity, at least. */
const SELECTION_MS = 100;
/** Trying WebGL takes a while: no first frame, and no first point, waits for it. */
const TRY_WEBGL_AFTER_MS = 1_000;
/** Before its first points a map of nothing waits so long: to draw it would be in their way. */
const NOTHING_AFTER_MS = 1_000;
/** Device pixels that somebody who glides goes at once: marks lie on whole ones. */
const SEEN_PIXELS = 0.5;
/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2_147_483_647;

const scope = self as unknown as DedicatedWorkerGlobalScope;
const tell = (message: FromDrawing, transfer: Transferable[] = []) => scope.postMessage(message, transfer);

const streams = new Streams();
const density = new Density();
const painter = new ChosenPainter((state) => tell({ kind: 'painter', state }), changed);

let port: MessagePort | null = null;
let view: FrameView | null = null;
let theme: Theme = 'light';
let selected: EntityName | null = null;
let hovered: EntityName | null = null;
let seen = true;

let dirty = false;
/** It is so for nothing but the trails of the frame before, which have caught up. */
let onlyTrails = false;
let underWay = false;
let frame = 0;
let batches = 0;
let startedAt = Number.NEGATIVE_INFINITY;
const pace = new FramePace();
let frameTimer: ReturnType<typeof setTimeout> | null = null;
/** The frame that is due is one of nothing. */
let awaitsPoints = false;
let restTimer: ReturnType<typeof setTimeout> | null = null;
/** Ends when the trails of the frame that is shown are too old. */
let trailTimer: ReturnType<typeof setTimeout> | null = null;
/** Ends when somebody who glides is to be moved. */
let glideTimer: ReturnType<typeof setTimeout> | null = null;
let selectionTimer: ReturnType<typeof setTimeout> | null = null;
let saidThatItCannot = false;
let painterTimer: ReturnType<typeof setTimeout> | null = null;
let reportedSelection = '';

/** A broken sender must not fill the page with the same words. */
const REPEAT_AFTER_MS = 10_000;
const reported = new Map<string, number>();
function report(cause: unknown): void {
  const message = `The map could not use a message from the stream: ${cause instanceof Error ? cause.message : String(cause)}.`;
  const now = Date.now();
  if (now - (reported.get(message) ?? 0) < REPEAT_AFTER_MS) return;
  if (reported.size > 100) reported.clear();
  reported.set(message, now);
  tell({ kind: 'error', message });
}

function touch(): void {
  dirty = true;
  onlyTrails = false;
}

function changed(): void {
  touch();
  scheduleFrame();
}

function scheduleFrame(): void {
  if (!dirty || !view || underWay || !seen) return;
  const nothing = frame === 0 && streams.entities === 0;
  if (frameTimer !== null) {
    if (nothing || !awaitsPoints) return;
    clearTimeout(frameTimer);
  }
  awaitsPoints = nothing;
  const now = performance.now();
  const due = nothing ? NOTHING_AFTER_MS : pace.dueAt(now, startedAt);
  frameTimer = setTimeout(drawFrame, Math.max(0, due - now));
}

function drawFrame(): void {
  frameTimer = null;
  if (!view) return;
  startedAt = performance.now();
  settle();
  const trailsOnly = onlyTrails;
  [dirty, onlyTrails] = [false, false];
  glideOn(view);
  const grid = density.of(++frame, streams.drawn, view);
  const painting = paint(view, grid, trailsOnly);
  if (!painting) return;
  const { trailsDueIn, ...drawn } = painting.drawn;
  const { parts } = painting;
  underWay = true;
  if (trailTimer !== null) clearTimeout(trailTimer);
  trailTimer = null;
  tell(
    {
      kind: 'frame',
      frame,
      parts,
      view,
      ...drawn,
      scales: streams.scales,
      densitySteps: grid?.steps ?? null,
      selected: selected && streams.shownAt(selected),
      batches,
      drawingMs: performance.now() - startedAt,
    },
    parts.map(({ bitmap }) => bitmap),
  );
  if (painter.catchUp()) {
    if (dirty) return;
    [dirty, onlyTrails] = [true, true];
  } else if (trailsDueIn !== null) trailTimer = setTimeout(changed, trailsDueIn);
}

/** Moves those that glide; a frame follows once somebody is seen to have gone on. */
function glideOn({ zoom, scale }: FrameView): void {
  if (glideTimer !== null) clearTimeout(glideTimer);
  glideTimer = null;
  const next = streams.moveOn(Date.now(), SEEN_PIXELS / (worldSize(zoom) * scale));
  if (next <= FRAME_MS) touch();
  else if (next < Number.POSITIVE_INFINITY) glideTimer = setTimeout(changed, next);
}

/** `put`: see ToDrawing. */
function notePut(put: PutAt | null): void {
  if (put === null) return;
  const ownTime = (epoch: number) => epoch - performance.timeOrigin;
  pace.notePut({ startedAt, putAt: ownTime(put.at), screenAt: put.screenAt === null ? null : ownTime(put.screenAt) });
}

function paint(view: FrameView, density: DensityGrid | null, onlyTrails: boolean): Painting | null {
  const emphasis = { selected, hovered };
  try {
    const { drawn, trails } = streams;
    return painter.paint(frame, { streams: drawn, trails, view, theme, emphasis, density, onlyTrails });
  } catch (error) {
    if (!(error instanceof PainterError)) throw error;
    const message = `The map cannot draw: ${error.message}.`;
    if (!saidThatItCannot) tell({ kind: 'error', message });
    saidThatItCannot = true;
    return null;
  }
}

/** Fades and hides what has become stale, tells main of it, and wakes up for the next time. */
function settle(): void {
  const now = Date.now();
  if (streams.settle(now)) {
    touch();
    reportSelection();
  }
  for (const news of streams.news()) port?.postMessage(news);
  if (restTimer !== null) clearTimeout(restTimer);
  const rest = streams.restsFor(now);
  restTimer = rest === Number.POSITIVE_INFINITY ? null : setTimeout(wake, Math.min(rest + 1, LONGEST_TIMER_MS));
}

function wake(): void {
  settle();
  scheduleFrame();
}

function reportSelection(): void {
  if (selectionTimer !== null) return;
  selectionTimer = setTimeout(() => {
    selectionTimer = null;
    sendSelection();
  }, SELECTION_MS);
}

function sendSelection(): void {
  if (!selected) return;
  const entity = streams.fix(selected);
  const text = JSON.stringify(entity);
  if (text === reportedSelection) return;
  reportedSelection = text;
  tell({ kind: 'selection', entity, at: streams.shownAt(selected) });
}

function receive(message: ToWorker): void {
  const before = streams.entities;
  const begunAt = performance.now();
  try {
    const applied = streams.receive(message, Date.now());
    if (applied) {
      batches++;
      const now = performance.now();
      pace.noteBatch(applied.isBacklog, now, now - begunAt);
      port?.postMessage({ ...applied.outcome, nextIn: pace.nextBatchIn(now, startedAt) } satisfies FromWorker);
    }
  } catch (cause) {
    report(cause);
    const answer = streams.failure(message, cause);
    if (answer) port?.postMessage(answer);
    return;
  }
  if (selected) reportSelection();
  settle();
  // A stream that opens shows nothing yet, and a frame for it would only be in the way of its first points.
  if (message.kind === 'batch' || streams.entities !== before) touch();
  scheduleFrame();
}

function connect(next: MessagePort): void {
  port?.close();
  streams.clear();
  port = next;
  port.onmessage = (event: MessageEvent<ToWorker>) => receive(event.data);
  port.onmessageerror = () => report('a message could not be read');
  if (selected) reportSelection();
  changed();
}

/** Takes the painter that is wished for; while the map has no frame yet, in a moment. */
function choosePainter(wish: PainterWish): void {
  if (painterTimer !== null) clearTimeout(painterTimer);
  painterTimer = null;
  if (frame > 0 || wish === 'pixels') {
    if (painter.choose(wish)) changed();
    return;
  }
  tell({ kind: 'painter', state: { kind: 'pixels', why: { kind: 'not-tried' } } });
  painterTimer = setTimeout(() => {
    painterTimer = null;
    if (painter.choose(wish)) changed();
  }, TRY_WEBGL_AFTER_MS);
}

liveUntilTheEnd(scope, () => tell({ kind: 'ready' }));

scope.onmessage = ({ data }: MessageEvent<ToDrawing>) => {
  switch (data.kind) {
    case 'connect':
      return connect(data.port);
    case 'layers': {
      const before = streams.appearance;
      streams.setLayers(data.layers, Date.now());
      settle();
      if (streams.appearance !== before) touch();
      return scheduleFrame();
    }
    case 'theme':
      theme = data.theme;
      return changed();
    case 'trail-fixes':
      streams.trails.resize(data.fixes);
      return changed();
    case 'view':
      view = data.view;
      return changed();
    case 'painter':
      return choosePainter(data.wish);
    case 'picture':
      density.wish(data.wish);
      return changed();
    case 'smooth':
      streams.setSmooth(data.smooth);
      return changed();
    case 'taken':
      underWay = false;
      notePut(data.put);
      return scheduleFrame();
    case 'seen':
      seen = data.seen;
      return scheduleFrame();
    case 'select':
      selected = data.entity;
      reportedSelection = '';
      sendSelection();
      return changed();
    case 'hover':
      hovered = data.entity;
      return changed();
    case 'probe': {
      const entity = painter.pick(data.frame, data.x, data.y);
      const inCell = density.countAt(data.frame, data.x, data.y);
      return tell({ kind: 'probed', request: data.request, entity: entity && streams.fix(entity), inCell });
    }
  }
};
