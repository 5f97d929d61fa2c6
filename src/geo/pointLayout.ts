/**
 * A layout: what records of one sender have in common, byte for byte, which is everything but the values of their
 * fields. A record of a layout that is known needs no look at its keys; its values are where they are expected.
 *
 * Layouts are flat: no nested objects or arrays. They are learnt from a record that `PointParser` has read in full.
 */
import { ABSENT, ASCII, BOOLEAN, ESCAPED, type JsonScanner, NUMBER, TEXT } from './jsonScanner';
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

const MOST_ENTRIES = 64;
const MOST_BYTES = 2_048;

export class PointLayout {
  readonly roles: Roles;
  /** Of the last record read: by entry, as in `Member`; kinds of strings may change from record to record. */
  readonly numbers: Float64Array;
  readonly whole: Uint8Array;
  readonly kinds: Uint8Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** What stands before each entry and, at last, behind all of them; where each of these begins. */
  readonly #bytes: Uint8Array;
  readonly #starts: Int32Array;
  readonly #isNumber: Uint8Array;

  private constructor(bytes: Uint8Array, starts: readonly number[], isNumber: readonly boolean[], roles: Roles) {
    const entries = isNumber.length;
    this.#bytes = bytes;
    this.#starts = Int32Array.from(starts);
    this.#isNumber = Uint8Array.from(isNumber, Number);
    this.roles = roles;
    this.numbers = new Float64Array(entries);
    this.whole = new Uint8Array(entries);
    this.kinds = new Uint8Array(entries);
    this.from = new Int32Array(entries);
    this.to = new Int32Array(entries);
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
    const starts = [0];
    const parts: number[] = [];
    let at = from;
    for (const entry of [...entries, { from: to, to }]) {
      parts.push(...data.subarray(at, entry.from));
      starts.push(parts.length);
      at = entry.to;
    }
    if (parts.length > MOST_BYTES) return null;
    return new PointLayout(
      Uint8Array.from(parts),
      starts,
      entries.map(({ kind }) => kind === NUMBER),
      roles,
    );
  }

  /** True when the record has this layout; its values are in the columns then. */
  read(scanner: JsonScanner, data: Uint8Array, from: number, to: number): boolean {
    const bytes = this.#bytes;
    const starts = this.#starts;
    const entries = this.#isNumber.length;
    scanner.begin(data, from, to);
    let at = from;
    for (let i = 0; ; i++) {
      const end = starts[i + 1] ?? 0;
      for (let b = starts[i] ?? 0; b < end; b++, at++) if (data[at] !== bytes[b]) return false;
      if (i === entries) return at === to;
      scanner.at = at;
      if (this.#isNumber[i] === 1) {
        if (scanner.number() !== NUMBER) return false;
        this.numbers[i] = scanner.value;
        this.whole[i] = scanner.whole ? 1 : 0;
        at = scanner.at;
      } else {
        const kind = scanner.string();
        if (kind === ABSENT) return false;
        this.kinds[i] = kind;
        // Its last quote is part of what stands behind it.
        at = scanner.to;
      }
      this.from[i] = scanner.from;
      this.to[i] = scanner.to;
    }
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
