/** Which place names are drawn where: the more important first, none over another. Pure. */

export interface Label {
  readonly name: string;
  /** Where the place is, CSS pixels in the picture. */
  readonly x: number;
  readonly y: number;
  /** Width of the text, and its height. */
  readonly width: number;
  readonly height: number;
  /** Towns stand beside their dot; seas are centred on their place. */
  readonly kind: 'town' | 'sea';
}

export interface PlacedLabel {
  readonly label: Label;
  /** Where the text starts, and the middle of its line. */
  readonly x: number;
  readonly y: number;
}

/** CSS pixels between a town's dot and its name, and around each label. */
const DOT_GAP = 6;
const ROOM = 4;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @param labels most important first */
export function placeLabels(labels: readonly Label[]): PlacedLabel[] {
  const taken: Box[] = [];
  const placed: PlacedLabel[] = [];
  for (const label of labels) {
    const starts =
      label.kind === 'sea' ? [label.x - label.width / 2] : [label.x + DOT_GAP, label.x - DOT_GAP - label.width];
    for (const x of starts) {
      const box: Box = {
        left: Math.min(x, label.kind === 'town' ? label.x - 3 : x) - ROOM,
        right: Math.max(x + label.width, label.kind === 'town' ? label.x + 3 : x) + ROOM,
        top: label.y - label.height / 2 - ROOM / 2,
        bottom: label.y + label.height / 2 + ROOM / 2,
      };
      if (taken.some((other) => meet(box, other))) continue;
      taken.push(box);
      placed.push({ label, x, y: label.y });
      break;
    }
  }
  return placed;
}
