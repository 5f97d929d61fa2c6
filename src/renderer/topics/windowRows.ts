/** Which rows of a long list are in sight. All heights in px; every row is equally high. */

export interface Sight {
  /** First row to draw, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

/** @param spare rows drawn beyond each edge, so that scrolling and tabbing never meet a gap. */
export function rowsInSight(count: number, rowHeight: number, scrollTop: number, height: number, spare = 6): Sight {
  const top = Math.max(0, Math.min(scrollTop, count * rowHeight - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  return { first: Math.min(first, count), end: Math.max(end, 0) };
}

/** Where to scroll so that a row is wholly in sight; the same place when it already is. */
export function scrollToRow(row: number, rowHeight: number, scrollTop: number, height: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
