/**
 * A layout: what records of one sender have in common, byte for byte, which is everything but the values of their
 * fields. A record of a layout that is known needs no look at its keys; its values are where they are expected.
 *
 * Layouts are flat: no nested objects or arrays. They are learnt from a record that `PointParser` has read in full, and
 * read by `LayoutReader`.
 */
import { ASCII, BOOLEAN, ESCAPED, NUMBER, TEXT } from './jsonScanner';
import { LAYOUT_BYTES, MOST_ENTRIES } from './layoutReader';
import { SPEED_FACTORS } from './pointFields';

/** A field of a flat record: its slot (negative: of no interest), what its value is, and where it lies. */
export interface Member {
  readonly slot: number;
  readonly kind: number;
  /** Without the quotes of a string. */
  readonly from: number;
  readonly to: number;
}

/** The slots of the names that matter; of those that mean the same, in the order in which they are looked for. */
export interface Slots {
  readonly type: number;
  readonly coordinates: number;
  readonly geometry: number;
  readonly properties: number;
  readonly latitudes: readonly number[];
  readonly longitudes: readonly number[];
  readonly entities: readonly number[];
  readonly times: readonly number[];
  readonly headings: readonly number[];
  readonly speeds: readonly number[];
  /** Negative: none. */
  readonly measure: number;
}

/** Entries, by what they say; negative: none does. */
export interface Roles {
  readonly type: number;
  readonly lat: number;
  readonly lon: number;
  readonly name: number;
  readonly time: number;
  readonly heading: number;
  readonly speed: number;
  /** To m/s. */
  readonly speedFactor: number;
  readonly measure: number;
}

/** Of a layout before its parts: how many entries there are; and of each part. */
const COUNT_BYTES = 4;
const PART_BYTES = 4;

export class PointLayout {
  readonly roles: Roles;
  /** As assembly/layoutReader.ts reads it. */
  readonly bytes: Uint8Array;
  /** Where its parser has put it. */
  slot = -1;

  private constructor(roles: Roles, bytes: Uint8Array) {
    this.roles = roles;
    this.bytes = bytes;
  }

  /**
   * The layout of the record at `from` to `to` with these members; null when it has none that could be relied on.
   */
  static of(data: Uint8Array, from: number, to: number, members: readonly Member[], slots: Slots): PointLayout | null {
    // What is neither a number nor a string is part of what stands between.
    const entries = members.filter(({ kind }) => kind === NUMBER || kind === ASCII || kind === TEXT);
    if (entries.length > MOST_ENTRIES || members.some(({ kind }) => kind === ESCAPED)) return null;
    const roles = rolesOf(members, entries, slots);
    if (!roles) return null;
    let at = from;
    const parts = [...entries, { kind: ESCAPED, from: to, to }].map((entry) => {
      const before = data.subarray(at, entry.from);
      at = entry.to;
      return { before, isNumber: entry.kind === NUMBER };
    });
    const length = parts.reduce((sum, { before }) => sum + PART_BYTES + before.length, COUNT_BYTES);
    if (length > LAYOUT_BYTES) return null;
    const bytes = new Uint8Array(length);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, entries.length);
    let end = COUNT_BYTES + PART_BYTES * parts.length;
    for (const [i, { before, isNumber }] of parts.entries()) {
      view.setUint8(COUNT_BYTES + PART_BYTES * i, isNumber ? 1 : 0);
      view.setUint16(COUNT_BYTES + PART_BYTES * i + 2, before.length, true);
      bytes.set(before, end);
      end += before.length;
    }
    return new PointLayout(roles, bytes);
  }

  equals({ bytes }: PointLayout): boolean {
    return bytes.length === this.bytes.length && bytes.every((byte, i) => byte === this.bytes[i]);
  }
}

/** Which entry says what, for all records of the layout; null when that depends on their values. */
function rolesOf(members: readonly Member[], entries: readonly Member[], slots: Slots): Roles | null {
  /** Of fields of one name the last one counts. */
  const memberOf = (slot: number) => members.findLast((member) => member.slot === slot);
  const entryOf = (member: Member | undefined) => (member ? entries.indexOf(member) : -1);
  /** The first of the names whose value is not null; a boolean is no value of anything here, but it is not null. */
  const firstOf = (names: readonly number[]) =>
    names.map(memberOf).find((member) => member !== undefined && (entryOf(member) >= 0 || member.kind === BOOLEAN));
  const lat = firstOf(slots.latitudes);
  const lon = firstOf(slots.longitudes);
  if (lat?.kind !== NUMBER || lon?.kind !== NUMBER) return null;
  const speeds = slots.speeds.map(memberOf);
  // A text may hold a speed or none, and then the next name is asked.
  if (speeds.some((member) => member?.kind === ASCII || member?.kind === TEXT)) return null;
  const speed = speeds.findIndex((member) => member?.kind === NUMBER);
  const name = slots.entities.map(memberOf).find((member) => entryOf(member) >= 0);
  return {
    type: entryOf(memberOf(slots.type)),
    lat: entryOf(lat),
    lon: entryOf(lon),
    name: entryOf(name),
    time: entryOf(firstOf(slots.times)),
    heading: entryOf(firstOf(slots.headings)),
    speed: speed < 0 ? -1 : entryOf(speeds[speed]),
    speedFactor: SPEED_FACTORS[speed]?.[1] ?? 1,
    measure: slots.measure < 0 ? -1 : entryOf(firstOf([slots.measure])),
  };
}
