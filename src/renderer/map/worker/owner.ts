/**
 * Who owns a pixel, in one number: whose mark it shows, and how high that lies. The lowest bits are the mark's id; above
 * them is by how many bands of rows the mark's centre is further down than the pixel, from FARTHEST_UP on; above that
 * whether the mark is fresh. So of two owners of one pixel the one that lies on top (markList.ts) is the larger number.
 * 0 is nobody. All of it is below 2 ** 30: larger numbers are objects to V8 in Chromium wherever they are handed on.
 */
import { BAND_ROWS, BAND_SHIFT } from './surface';

const ID_BITS = 26;
const ID_MASK = (1 << ID_BITS) - 1;
const FARTHEST_UP = 3;
const FRESH_BIT = 1 << 29;

/** Ids are smaller than this. */
export const MOST_IDS = 1 << ID_BITS;
/** Device pixels from a mark's centre; what reaches farther cannot be told from what lies differently high. */
export const LARGEST_REACH = FARTHEST_UP * BAND_ROWS;

/** A mark's id, and whether it is fresh. */
export const nameOf = (id: number, isFresh: boolean) => (isFresh ? id | FRESH_BIT : id);

/** The id in an owner, and in a name. */
export const idOf = (owner: number) => owner & ID_MASK;

/** The owner of a pixel of row `y`; `band` is that of its mark's centre. */
export const ownerAt = (y: number, name: number, band: number) =>
  name + ((band - (y >> BAND_SHIFT) + FARTHEST_UP) << ID_BITS);

/** The band of rows that a mark is drawn with, by the row of its centre, which may lie outside. */
export const bandOf = (y: number, height: number) => (y < 0 ? 0 : y >= height ? height - 1 : y) >> BAND_SHIFT;
