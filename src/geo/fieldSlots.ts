/**
 * The fields of one record that matter, found by their names: each name has a slot, once in the record itself and once
 * in each of the two objects inside it in which fields are looked for. No object is made for a record.
 */
import { ABSENT, ARRAY, ESCAPED, type JsonScanner, NUMBER, OBJECT } from './jsonScanner';
import { ENTITY_NAMES, HEADING_NAMES, LATITUDE_NAMES, LONGITUDE_NAMES, SPEED_FACTORS, TIME_NAMES } from './pointFields';
import type { Member, Slots } from './pointLayout';

const SPEED_NAMES = SPEED_FACTORS.map(([name]) => name);
const SHAPE_NAMES = ['type', 'coordinates', 'geometry', 'properties'] as const;
const NAMES = [
  ...SHAPE_NAMES,
  ...LATITUDE_NAMES,
  ...LONGITUDE_NAMES,
  ...ENTITY_NAMES,
  ...TIME_NAMES,
  ...HEADING_NAMES,
  ...SPEED_NAMES,
];

/** The three objects in which fields are looked for; their slots lie one behind the other. */
export const TOP = 0;
const PROPERTIES = 1;
export const GEOMETRY = 2;
const OBJECTS = 3;

/** An array of two numbers and whatever follows. */
export const POSITION = 9;

const HASHES = 256;
const hashOf = (length: number, first: number, last: number) => (length * 37 + first * 5 + last * 3) & (HASHES - 1);

/** Digits of a number that is written as its own name. */
export const WHOLE_DIGITS = 15;

export class FieldSlots {
  readonly slots: Slots;
  /** Slots of one object; those of the next one begin behind them. */
  readonly width: number;
  /** By slot and object: what was there last. */
  readonly kinds: Uint8Array;
  readonly numbers: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** 1 for numbers that are written as their own name. */
  readonly whole: Uint8Array;
  /** Of the last POSITION in each object. */
  readonly positions = new Float64Array(2 * OBJECTS);
  /** The fields of the last record as they stood; null when it was not flat. */
  members: Member[] | null = null;

  readonly #scanner: JsonScanner;
  readonly #names: readonly Uint8Array[];
  /** The slots of names with the same hash. */
  readonly #byHash: (readonly number[])[] = Array.from({ length: HASHES }, () => []);

  constructor(scanner: JsonScanner, measure: string | null) {
    this.#scanner = scanner;
    const names = [...new Set<string>(measure === null ? NAMES : [...NAMES, measure])];
    this.#names = names.map((name) => new TextEncoder().encode(name));
    for (const [slot, bytes] of this.#names.entries()) {
      const hash = hashOf(bytes.length, bytes[0] ?? 0, bytes.at(-1) ?? 0);
      this.#byHash[hash] = [...(this.#byHash[hash] ?? []), slot];
    }
    const slotsOf = (wanted: readonly string[]) => wanted.map((name) => names.indexOf(name));
    const size = names.length * OBJECTS;
    this.width = names.length;
    this.kinds = new Uint8Array(size);
    this.numbers = new Float64Array(size);
    this.from = new Int32Array(size);
    this.to = new Int32Array(size);
    this.whole = new Uint8Array(size);
    const [type = 0, coordinates = 0, geometry = 0, properties = 0] = slotsOf(SHAPE_NAMES);
    this.slots = {
      type,
      coordinates,
      geometry,
      properties,
      latitudes: slotsOf(LATITUDE_NAMES),
      longitudes: slotsOf(LONGITUDE_NAMES),
      entities: slotsOf(ENTITY_NAMES),
      times: slotsOf(TIME_NAMES),
      headings: slotsOf(HEADING_NAMES),
      speeds: slotsOf(SPEED_NAMES),
      measure: measure === null ? -1 : names.indexOf(measure),
    };
  }

  /** Reads the object at which the scanner is. False when it is none, or more trouble than it is worth here. */
  read(): boolean {
    if (this.#scanner.open() !== OBJECT) return false;
    this.kinds.fill(ABSENT);
    this.members = [];
    this.#readObject(TOP);
    return this.#scanner.finish();
  }

  /** The object that is open, into the slots of its kind. */
  #readObject(object: number): void {
    const scanner = this.#scanner;
    let isFirst = true;
    for (;;) {
      const key = scanner.key(isFirst);
      if (key === ABSENT) return;
      isFirst = false;
      // It may spell one of the names.
      if (key === ESCAPED) scanner.fail();
      if (scanner.failed) return;
      const slot = this.#slotOf(scanner.from, scanner.to);
      const kind = scanner.open();
      if (kind === OBJECT || kind === ARRAY) this.members = null;
      this.members?.push({ slot, kind, from: scanner.from, to: scanner.to });
      if (slot < 0) {
        if (kind === OBJECT || kind === ARRAY) scanner.skip(kind);
      } else this.#keep(object, slot, kind);
      if (scanner.failed) return;
    }
  }

  #keep(object: number, slot: number, kind: number): void {
    const scanner = this.#scanner;
    const place = object * this.width + slot;
    this.kinds[place] = kind;
    if (kind === NUMBER) {
      this.numbers[place] = scanner.value;
      this.whole[place] = scanner.whole && scanner.to - scanner.from <= WHOLE_DIGITS ? 1 : 0;
    }
    if (kind !== OBJECT && kind !== ARRAY) {
      this.from[place] = scanner.from;
      this.to[place] = scanner.to;
      return;
    }
    const inner =
      object !== TOP ? -1 : slot === this.slots.properties ? PROPERTIES : slot === this.slots.geometry ? GEOMETRY : -1;
    if (inner >= 0 && kind === OBJECT) {
      // The last one of a name counts, with nothing of the one before.
      this.kinds.fill(ABSENT, inner * this.width, (inner + 1) * this.width);
      this.#readObject(inner);
    } else if (kind === ARRAY && slot === this.slots.coordinates) this.#readPosition(object, place);
    else scanner.skip(kind);
  }

  #readPosition(object: number, place: number): void {
    const scanner = this.#scanner;
    let numbers = 0;
    for (let i = 0; scanner.element(i === 0); i++) {
      const kind = scanner.open();
      if (kind === OBJECT || kind === ARRAY) scanner.skip(kind);
      if (i < 2 && kind === NUMBER) {
        this.positions[2 * object + i] = scanner.value;
        numbers += 1;
      }
    }
    if (numbers === 2) this.kinds[place] = POSITION;
  }

  /** Slot of the name that is written there; -1 when it is none. */
  #slotOf(from: number, to: number): number {
    const { data } = this.#scanner;
    const length = to - from;
    if (length === 0) return -1;
    const slots = this.#byHash[hashOf(length, data[from] ?? 0, data[to - 1] ?? 0)];
    if (slots === undefined) return -1;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] ?? 0;
      const name = this.#names[slot];
      if (name === undefined || name.length !== length) continue;
      let same = 0;
      while (same < length && name[same] === data[from + same]) same += 1;
      if (same === length) return slot;
    }
    return -1;
  }

  /** Whether a string of plain ASCII is this word. */
  says(place: number, word: string): boolean {
    const { data } = this.#scanner;
    const from = this.from[place] ?? 0;
    if ((this.to[place] ?? 0) - from !== word.length) return false;
    for (let i = 0; i < word.length; i++) if (data[from + i] !== word.charCodeAt(i)) return false;
    return true;
  }
}
