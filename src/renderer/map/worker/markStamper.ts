/**
 * Stamps the marks of a frame onto a surface, the topmost first: those that are opaque, as a crowd's are, with stampBands.ts,
 * and a large crowd of them by two threads at a time. What is not opaque, or lies under something that is not, goes to the
 * rasteriser, mark by mark.
 */
import type { Looks } from './looks';
import { columnOf, eachStretch, MARK_WIDTH, type MarkList, rowOf } from './markList';
import { drawSprite } from './rasteriser';
import { partsOf, type StampJob, stampBands, wholeOf } from './stampBands';
import type { StampHelper } from './stampHelper';
import { BAND_ROWS, BAND_SHIFT, type Surface } from './surface';

/** Fewer take some ms, and the helper's processor has other things to do. */
const SHARED_MARKS = 150_000;
/** What the helper does not do: it begins a little later, and the page wants its processor too. */
const OWN_PART = 0.55;

export class MarkStamper {
  readonly #startHelper: () => StampHelper | null;
  /** Undefined until there was something to share. */
  #helper: StampHelper | null | undefined;

  /** @param startHelper null where there can be none */
  constructor(startHelper: () => StampHelper | null = () => null) {
    this.#startHelper = startHelper;
  }

  /** Whether so many marks are stamped by two threads. */
  isShared(count: number): boolean {
    return count >= SHARED_MARKS && this.#helper?.isReady === true;
  }

  close(): void {
    this.#helper?.close();
  }

  stamp(marks: MarkList, looks: Looks, surface: Surface): void {
    const { reach, isPartial } = looks.stamps;
    const job = jobOf(marks, looks, surface);
    if (!isPartial && surface.isOpaque(0, surface.height)) {
      this.#share(job, marks, surface);
      return;
    }
    for (let band = job.next.length - 1; band >= 0; band--) {
      const end = job.next[band] ?? 0;
      if (end === 0) continue;
      const top = (band << BAND_SHIFT) - reach;
      const bottom = (band << BAND_SHIFT) + BAND_ROWS - 1 + reach;
      if (!isPartial && surface.isOpaque(top, bottom)) {
        stampBands(job, { ...wholeOf(job), lastBand: band, firstBand: band }, surface.extent);
        continue;
      }
      surface.open(top, bottom, !isPartial);
      eachStretch(job.blocks, end, (from, to) => drawEach(surface, looks, job.blocks, from, to));
    }
  }

  #share(job: StampJob, marks: MarkList, surface: Surface): void {
    const cut = marks.count < SHARED_MARKS ? 0 : marks.bandOfPart(OWN_PART);
    if (cut > 0 && this.#helper === undefined) this.#helper = this.#startHelper();
    const helper = this.#helper;
    if (cut === 0 || !helper?.isReady) {
      stampBands(job, wholeOf(job), surface.extent);
      return;
    }
    const [upper, lower] = partsOf(job, cut);
    helper.begin(job, upper);
    stampBands(job, lower, surface.extent);
    if (helper.finish(surface.extent)) return;
    // It has failed: what it has not done is done here, and it is not asked again.
    helper.close();
    this.#helper = null;
    stampBands(job, upper, surface.extent);
  }
}

function drawEach(surface: Surface, { sprites }: Looks, blocks: Int32Array, start: number, end: number): void {
  for (let at = end - MARK_WIDTH; at >= start; at -= MARK_WIDTH) {
    const sprite = sprites[blocks[at + 2] ?? 0];
    const place = blocks[at] ?? 0;
    if (sprite) drawSprite(surface, sprite, columnOf(place), rowOf(place), blocks[at + 1] ?? 0);
  }
}

/** What a stamper does, in numbers. */
export function jobOf({ blocks, next }: MarkList, { stamps }: Looks, surface: Surface): StampJob {
  const { width, height, pixels, owners, finished, emptied } = surface;
  const { data, first, reach } = stamps;
  return { blocks, next, stamps: data, firstStamps: first, reach, width, height, pixels, owners, finished, emptied };
}
