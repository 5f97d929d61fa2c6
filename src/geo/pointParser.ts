/**
 * The fast way from a record's value to a fix: the common shapes of JSON points, read in place. What it accepts is
 * exactly what `decodePoint` makes of the same bytes; whatever is unusual, and everything that would be refused, it
 * leaves to `decodePoint`, which also says why.
 */
import { parseEventTime } from './eventTime';
import { EventTimeParser } from './eventTimeParser';
import { ABSENT, ARRAY, ASCII, asciiText, ESCAPED, JsonScanner, NULL, NUMBER, OBJECT, TEXT } from './jsonScanner';
import {
  ENTITY_NAMES,
  HEADING_NAMES,
  isLatitude,
  isLongitude,
  LATITUDE_NAMES,
  LONGITUDE_NAMES,
  SPEED_FACTORS,
  TIME_NAMES,
  toHeading,
  toNumber,
} from './pointFields';

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
const TOP = 0;
const PROPERTIES = 1;
const GEOMETRY = 2;
const OBJECTS = 3;

/** An array of two numbers and whatever follows. */
const POSITION = 9;

const HASHES = 256;
const hashOf = (length: number, first: number, last: number) => (length * 37 + first * 5 + last * 3) & (HASHES - 1);

/** Strings in `data` of the record, as it was given. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export class PointParser {
  /** The fix; see `Fix` in decodePoint.ts. `time` is NaN when the record states none. */
  lat = Number.NaN;
  lon = Number.NaN;
  time = Number.NaN;
  heading = Number.NaN;
  speed = Number.NaN;
  measure = Number.NaN;
  /** The entity's name: as ASCII in the data, from `nameFrom` to `nameTo`; or `name`; or neither. */
  nameFrom = -1;
  nameTo = -1;
  name: string | null = null;

  readonly #scanner = new JsonScanner();
  readonly #times = new EventTimeParser();
  /** Names by hash: the slots of those with the same hash, and the bytes of each. */
  readonly #slots: (readonly number[])[] = Array.from({ length: HASHES }, () => []);
  readonly #names: readonly Uint8Array[];
  /** Per slot and object: what was there last. */
  readonly #width: number;
  readonly #kinds: Uint8Array;
  readonly #numbers: Float64Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** 1 for numbers that are written as their own name. */
  readonly #whole: Uint8Array;
  /** Of the last POSITION in each object. */
  readonly #positions = new Float64Array(2 * OBJECTS);
  readonly #measure: number;

  readonly #type: number;
  readonly #coordinates: number;
  readonly #geometry: number;
  readonly #properties: number;
  readonly #latitudes: readonly number[];
  readonly #longitudes: readonly number[];
  readonly #entities: readonly number[];
  readonly #timeSlots: readonly number[];
  readonly #headings: readonly number[];
  readonly #speeds: readonly number[];
  #banks = 1;

  /** @param measure name of the field whose number is wanted beside the fix */
  constructor(measure: string | null = null) {
    const names = [...new Set<string>(measure === null ? NAMES : [...NAMES, measure])];
    this.#names = names.map((name) => new TextEncoder().encode(name));
    for (const [slot, bytes] of this.#names.entries()) {
      const hash = hashOf(bytes.length, bytes[0] ?? 0, bytes.at(-1) ?? 0);
      this.#slots[hash] = [...(this.#slots[hash] ?? []), slot];
    }
    const slotsOf = (wanted: readonly string[]) => wanted.map((name) => names.indexOf(name));
    const size = names.length * OBJECTS;
    this.#width = names.length;
    this.#kinds = new Uint8Array(size);
    this.#numbers = new Float64Array(size);
    this.#from = new Int32Array(size);
    this.#to = new Int32Array(size);
    this.#whole = new Uint8Array(size);
    this.#measure = measure === null ? -1 : names.indexOf(measure);
    [this.#type = 0, this.#coordinates = 0, this.#geometry = 0, this.#properties = 0] = slotsOf(SHAPE_NAMES);
    this.#latitudes = slotsOf(LATITUDE_NAMES);
    this.#longitudes = slotsOf(LONGITUDE_NAMES);
    this.#entities = slotsOf(ENTITY_NAMES);
    this.#timeSlots = slotsOf(TIME_NAMES);
    this.#headings = slotsOf(HEADING_NAMES);
    this.#speeds = slotsOf(SPEED_NAMES);
  }

  /**
   * Reads the value at `from` to `to`. True when it is a fix, which is in the fields then; false when `decodePoint`
   * has to look at it.
   * @param named the entity's name is known from elsewhere, and is not looked for
   */
  parse(data: Uint8Array, from: number, to: number, named: boolean): boolean {
    const scanner = this.#scanner;
    scanner.begin(data, from, to);
    if (scanner.open() !== OBJECT) return false;
    this.#kinds.fill(ABSENT);
    this.#readObject(TOP);
    return scanner.finish() && this.#takePosition() && this.#takeRest(named);
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
      if (key === ESCAPED) return scanner.fail();
      const slot = this.#slotOf(scanner.from, scanner.to);
      const kind = scanner.open();
      if (slot < 0) {
        if (kind === OBJECT || kind === ARRAY) scanner.skip(kind);
      } else this.#keep(object, slot, kind);
      if (scanner.failed) return;
    }
  }

  #keep(object: number, slot: number, kind: number): void {
    const scanner = this.#scanner;
    const place = object * this.#width + slot;
    this.#kinds[place] = kind;
    if (kind === NUMBER) {
      this.#numbers[place] = scanner.value;
      this.#whole[place] = scanner.whole && scanner.to - scanner.from <= 15 ? 1 : 0;
    }
    if (kind !== OBJECT && kind !== ARRAY) {
      this.#from[place] = scanner.from;
      this.#to[place] = scanner.to;
      return;
    }
    const inner = object !== TOP ? -1 : slot === this.#properties ? PROPERTIES : slot === this.#geometry ? GEOMETRY : -1;
    if (inner >= 0 && kind === OBJECT) {
      // The last one of a name counts, with nothing of the one before.
      this.#kinds.fill(ABSENT, inner * this.#width, (inner + 1) * this.#width);
      this.#readObject(inner);
    } else if (kind === ARRAY && slot === this.#coordinates) this.#readPosition(object, place);
    else scanner.skip(kind);
  }

  #readPosition(object: number, place: number): void {
    const scanner = this.#scanner;
    let numbers = 0;
    for (let i = 0; scanner.element(i === 0); i++) {
      const kind = scanner.open();
      if (kind === OBJECT || kind === ARRAY) scanner.skip(kind);
      if (i < 2 && kind === NUMBER) {
        this.#positions[2 * object + i] = scanner.value;
        numbers += 1;
      }
    }
    if (numbers === 2) this.#kinds[place] = POSITION;
  }

  /** Slot of the name that is written there; -1 when it is none. */
  #slotOf(from: number, to: number): number {
    const { data } = this.#scanner;
    const length = to - from;
    if (length === 0) return -1;
    const slots = this.#slots[hashOf(length, data[from] ?? 0, data[to - 1] ?? 0)];
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

  #takePosition(): boolean {
    const kinds = this.#kinds;
    const type = kinds[this.#type] ?? ABSENT;
    if (type === ESCAPED) return false;
    const isFeature = type === ASCII && this.#says(this.#type, 'Feature');
    const isPoint = type === ASCII && this.#says(this.#type, 'Point');
    let [lat, lon] = [Number.NaN, Number.NaN];
    if (isFeature) {
      const base = GEOMETRY * this.#width;
      if (kinds[this.#geometry] !== OBJECT || kinds[base + this.#coordinates] !== POSITION) return false;
      if (kinds[base + this.#type] !== ASCII || !this.#says(base + this.#type, 'Point')) return false;
      lon = this.#positions[2 * GEOMETRY] ?? Number.NaN;
      lat = this.#positions[2 * GEOMETRY + 1] ?? Number.NaN;
    } else if (isPoint && kinds[this.#coordinates] === POSITION) {
      lon = this.#positions[2 * TOP] ?? Number.NaN;
      lat = this.#positions[2 * TOP + 1] ?? Number.NaN;
    } else {
      if (isPoint && kinds[this.#coordinates] === ARRAY) return false;
      lat = this.#firstNumber(this.#latitudes);
      lon = this.#firstNumber(this.#longitudes);
    }
    if (!isLatitude(lat) || !isLongitude(lon)) return false;
    this.lat = lat;
    this.lon = lon;
    this.#banks = kinds[this.#properties] === OBJECT ? 2 : 1;
    return true;
  }

  /** False when a text in it has to be unescaped. */
  #takeRest(named: boolean): boolean {
    if (!named && !this.#takeName()) return false;
    const time = this.#firstPlace(this.#timeSlots);
    this.time = time < 0 ? Number.NaN : this.#timeAt(time);
    const heading = this.#firstPlace(this.#headings);
    this.heading = heading < 0 ? Number.NaN : toHeading(this.#numberAt(heading));
    this.speed = Number.NaN;
    for (let bank = 0; bank < this.#banks && Number.isNaN(this.speed); bank++) this.#takeSpeed(bank);
    const measure = this.#measure < 0 ? -1 : this.#firstPlace([this.#measure]);
    const value = measure < 0 ? Number.NaN : this.#numberAt(measure);
    this.measure = Number.isFinite(value) ? value : Number.NaN;
    return !this.#scanner.failed;
  }

  #takeName(): boolean {
    this.nameFrom = -1;
    this.name = null;
    for (const slot of this.#entities) {
      for (let bank = 0; bank < this.#banks; bank++) {
        const place = bank * this.#width + slot;
        const kind = this.#kinds[place];
        const from = this.#from[place] ?? 0;
        const to = this.#to[place] ?? 0;
        if (kind === ESCAPED) return false;
        if ((kind === ASCII && to > from) || (kind === NUMBER && this.#whole[place] === 1)) {
          this.nameFrom = from;
          this.nameTo = to;
          return true;
        }
        if (kind === TEXT) {
          this.name = utf8.decode(this.#scanner.data.subarray(from, to));
          return true;
        }
        if (kind === NUMBER && Number.isFinite(this.#numbers[place])) {
          this.name = String(this.#numbers[place]);
          return true;
        }
      }
    }
    return true;
  }

  #takeSpeed(bank: number): void {
    for (let i = 0; i < this.#speeds.length; i++) {
      const place = bank * this.#width + (this.#speeds[i] ?? 0);
      if (this.#kinds[place] === ABSENT) continue;
      const speed = this.#numberAt(place);
      if (!Number.isFinite(speed)) continue;
      this.speed = speed * (SPEED_FACTORS[i]?.[1] ?? 1);
      return;
    }
  }

  /** The first of the names, in the first object that has one, whose value is not null; -1 when there is none. */
  #firstPlace(slots: readonly number[]): number {
    for (let bank = 0; bank < this.#banks; bank++) {
      for (let i = 0; i < slots.length; i++) {
        const place = bank * this.#width + (slots[i] ?? 0);
        const kind = this.#kinds[place] ?? ABSENT;
        if (kind !== ABSENT && kind !== NULL) return place;
      }
    }
    return -1;
  }

  /** At the top only, as coordinates are. */
  #firstNumber(slots: readonly number[]): number {
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] ?? 0;
      const kind = this.#kinds[slot] ?? ABSENT;
      if (kind !== ABSENT && kind !== NULL) return this.#numberAt(slot);
    }
    return Number.NaN;
  }

  /** NaN for what is neither a number nor a text that holds one. */
  #numberAt(place: number): number {
    const kind = this.#kinds[place];
    if (kind === NUMBER) return this.#numbers[place] ?? Number.NaN;
    if (kind !== ASCII && kind !== TEXT && kind !== ESCAPED) return Number.NaN;
    return toNumber(this.#textAt(place, kind));
  }

  #timeAt(place: number): number {
    const kind = this.#kinds[place];
    if (kind === NUMBER) return parseEventTime(this.#numbers[place]) ?? Number.NaN;
    if (kind !== ASCII && kind !== TEXT && kind !== ESCAPED) return Number.NaN;
    const { data } = this.#scanner;
    const time = kind === ASCII ? this.#times.parse(data, this.#from[place] ?? 0, this.#to[place] ?? 0) : Number.NaN;
    return Number.isNaN(time) ? (parseEventTime(this.#textAt(place, kind)) ?? Number.NaN) : time;
  }

  #textAt(place: number, kind: number): string {
    const { data } = this.#scanner;
    const from = this.#from[place] ?? 0;
    const to = this.#to[place] ?? 0;
    if (kind === ESCAPED || to - from > LONGEST_TEXT) {
      this.#scanner.fail();
      return '';
    }
    return kind === ASCII ? asciiText(data, from, to) : utf8.decode(data.subarray(from, to));
  }

  #says(place: number, word: string): boolean {
    const { data } = this.#scanner;
    const from = this.#from[place] ?? 0;
    if ((this.#to[place] ?? 0) - from !== word.length) return false;
    for (let i = 0; i < word.length; i++) if (data[from + i] !== word.charCodeAt(i)) return false;
    return true;
  }
}

/** Bytes of a text in which a number or a time is looked for; longer ones are left to `decodePoint`. */
const LONGEST_TEXT = 256;
