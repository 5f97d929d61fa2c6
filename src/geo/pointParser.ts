/**
 * The fast way from a record's value to a fix: the common shapes of JSON points, read in place. What it accepts is
 * exactly what `decodePoint` makes of the same bytes; whatever is unusual, and everything that would be refused, it
 * leaves to `decodePoint`, which also says why.
 */
import { parseEventTime } from './eventTime';
import { EventTimeParser } from './eventTimeParser';
import { FieldSlots, GEOMETRY, POSITION, TOP, WHOLE_DIGITS } from './fieldSlots';
import { ABSENT, ARRAY, ASCII, asciiText, ESCAPED, JsonScanner, NULL, NUMBER, OBJECT, TEXT } from './jsonScanner';
import { LONGEST_LAYOUT_TEXT, layoutReader, SLOTS } from './layoutReader';
import { isLatitude, isLongitude, SPEED_FACTORS, toHeading, toNumber } from './pointFields';
import { PointLayout } from './pointLayout';

/** Bytes of a text in which a number or a time is looked for; longer ones are left to `decodePoint`. */
const LONGEST_TEXT = 256;
/**
 * Records that none of them fits, after which the next one is learnt from: at first each one is. Where that is of no
 * use, as with numbers that are always written with an exponent, it becomes rare; and once there is room for no other,
 * after so many the one that was used longest ago gives way.
 */
const LEARN_AFTER = 1;
const FORGET_AFTER = 1_000;

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
  readonly #fields: FieldSlots;
  /** The one that was used last comes first. */
  readonly #layouts: PointLayout[] = [];
  #missed = 0;
  #learnAfter = LEARN_AFTER;
  #data: Uint8Array = new Uint8Array(0);
  /** `layoutReader` holds that text, unless somebody else has taken it up since. */
  #isTaken = false;
  #banks = 1;

  /** @param measure name of the field whose number is wanted beside the fix */
  constructor(measure: string | null = null) {
    this.#fields = new FieldSlots(this.#scanner, measure);
  }

  /** What records lie in from now on. It must not change before the next call. */
  open(data: Uint8Array): void {
    this.#data = data;
    this.#isTaken = false;
  }

  /**
   * Reads the value at `from` to `to` in what is open. True when it is a fix, which is in the fields then; false when
   * `decodePoint` has to look at it.
   * @param named the entity's name is known from elsewhere, and is not looked for
   */
  parse(from: number, to: number, named: boolean): boolean {
    const scanner = this.#scanner;
    const layouts = this.#layouts;
    scanner.begin(this.#data, from, to);
    if (layouts.length > 0 && ((this.#isTaken && layoutReader.holder === this) || this.#takeReader())) {
      for (let i = 0; i < layouts.length; i++) {
        const layout = layouts[i];
        if (!layout || !layoutReader.read(layout.slot, from, to)) continue;
        if (i > 0) {
          layouts.splice(i, 1);
          layouts.unshift(layout);
        }
        if (this.#takeFrom(layout, named)) return true;
        scanner.begin(this.#data, from, to);
        break;
      }
    }
    if (!(this.#fields.read() && this.#takePosition() && this.#takeRest(named))) return false;
    this.#learn(from, to);
    return true;
  }

  /** False when it does not take so long a text. */
  #takeReader(): boolean {
    if (this.#data.length > LONGEST_LAYOUT_TEXT) return false;
    if (layoutReader.holder !== this) for (const { slot, bytes } of this.#layouts) layoutReader.put(slot, bytes);
    layoutReader.take(this, this.#data);
    this.#isTaken = true;
    return true;
  }

  /** The layout of the record that was read in full, unless it is known, or others serve well. */
  #learn(from: number, to: number): void {
    const layouts = this.#layouts;
    this.#missed += 1;
    if (this.#missed < this.#learnAfter) return;
    this.#missed = 0;
    const { members, slots } = this.#fields;
    const layout = members && PointLayout.of(this.#data, from, to, members, slots);
    // One that is known has been tried: its record has something about it that has to be read in full.
    if (!layout || layouts.some((known) => known.equals(layout))) {
      this.#learnAfter = Math.min(2 * this.#learnAfter, FORGET_AFTER);
      return;
    }
    layout.slot = layouts.length < SLOTS ? layouts.length : (layouts.pop()?.slot ?? 0);
    layouts.unshift(layout);
    if (layoutReader.holder === this) layoutReader.put(layout.slot, layout.bytes);
    this.#learnAfter = layouts.length < SLOTS ? LEARN_AFTER : FORGET_AFTER;
  }

  /** False when the values of this record have to be looked at with more care. */
  #takeFrom(layout: PointLayout, named: boolean): boolean {
    const { roles } = layout;
    const { numbers } = layoutReader;
    const lat = numbers[roles.lat] ?? Number.NaN;
    const lon = numbers[roles.lon] ?? Number.NaN;
    if (!isLatitude(lat) || !isLongitude(lon)) return false;
    if (roles.type >= 0 && this.#mayBeGeoJson(roles.type)) return false;
    if (!named && !this.#takeNameFrom(roles.name)) return false;
    this.lat = lat;
    this.lon = lon;
    this.time = roles.time < 0 ? Number.NaN : this.#timeFrom(roles.time);
    this.heading = roles.heading < 0 ? Number.NaN : toHeading(this.#numberFrom(roles.heading));
    const speed = roles.speed < 0 ? Number.NaN : (numbers[roles.speed] ?? Number.NaN);
    this.speed = speed * roles.speedFactor;
    const measure = roles.measure < 0 ? Number.NaN : this.#numberFrom(roles.measure);
    this.measure = Number.isFinite(measure) ? measure : Number.NaN;
    // A number beyond all doubles is none, and then the next name is asked.
    return !this.#scanner.failed && (roles.speed < 0 || Number.isFinite(speed));
  }

  /** A `type` of a sender's own is of no interest; Point and Feature are. */
  #mayBeGeoJson(entry: number): boolean {
    const { kinds, from, to } = layoutReader;
    if (kinds[entry] === ESCAPED) return true;
    const length = (to[entry] ?? 0) - (from[entry] ?? 0);
    return length === 'Point'.length || length === 'Feature'.length;
  }

  #takeNameFrom(name: number): boolean {
    const { kinds, numbers, whole, from, to } = layoutReader;
    this.nameFrom = -1;
    this.name = null;
    if (name < 0) return true;
    const start = from[name] ?? 0;
    const end = to[name] ?? 0;
    if (kinds[name] === ASCII || (kinds[name] === ABSENT && whole[name] === 1 && end - start <= WHOLE_DIGITS)) {
      this.nameFrom = start;
      this.nameTo = end;
      // An empty name is none.
      return end > start;
    }
    if (kinds[name] === TEXT) this.name = utf8.decode(this.#scanner.data.subarray(start, end));
    else if (kinds[name] === ABSENT && Number.isFinite(numbers[name])) this.name = String(numbers[name]);
    else return false;
    return true;
  }

  #numberFrom(entry: number): number {
    const { kinds, numbers, from, to } = layoutReader;
    const kind = kinds[entry] ?? ABSENT;
    if (kind === ABSENT) return numbers[entry] ?? Number.NaN;
    return toNumber(this.#text(kind, from[entry] ?? 0, to[entry] ?? 0));
  }

  #timeFrom(entry: number): number {
    const { kinds, numbers, from, to } = layoutReader;
    const kind = kinds[entry] ?? ABSENT;
    if (kind === ABSENT) return parseEventTime(numbers[entry]) ?? Number.NaN;
    return this.#timeIn(kind, from[entry] ?? 0, to[entry] ?? 0);
  }

  #takePosition(): boolean {
    const kinds = this.#fields.kinds;
    const slots = this.#fields.slots;
    const type = kinds[slots.type] ?? ABSENT;
    if (type === ESCAPED) return false;
    const isFeature = type === ASCII && this.#fields.says(slots.type, 'Feature');
    const isPoint = type === ASCII && this.#fields.says(slots.type, 'Point');
    let [lat, lon] = [Number.NaN, Number.NaN];
    if (isFeature) {
      const base = GEOMETRY * this.#fields.width;
      if (kinds[slots.geometry] !== OBJECT || kinds[base + slots.coordinates] !== POSITION) return false;
      if (kinds[base + slots.type] !== ASCII || !this.#fields.says(base + slots.type, 'Point')) return false;
      lon = this.#fields.positions[2 * GEOMETRY] ?? Number.NaN;
      lat = this.#fields.positions[2 * GEOMETRY + 1] ?? Number.NaN;
    } else if (isPoint && kinds[slots.coordinates] === POSITION) {
      lon = this.#fields.positions[2 * TOP] ?? Number.NaN;
      lat = this.#fields.positions[2 * TOP + 1] ?? Number.NaN;
    } else {
      if (isPoint && kinds[slots.coordinates] === ARRAY) return false;
      lat = this.#firstNumber(slots.latitudes);
      lon = this.#firstNumber(slots.longitudes);
    }
    if (!isLatitude(lat) || !isLongitude(lon)) return false;
    this.lat = lat;
    this.lon = lon;
    this.#banks = kinds[slots.properties] === OBJECT ? 2 : 1;
    return true;
  }

  /** False when a text in it has to be unescaped. */
  #takeRest(named: boolean): boolean {
    if (!named && !this.#takeName()) return false;
    const slots = this.#fields.slots;
    const time = this.#firstPlace(slots.times);
    this.time = time < 0 ? Number.NaN : this.#timeAt(time);
    const heading = this.#firstPlace(slots.headings);
    this.heading = heading < 0 ? Number.NaN : toHeading(this.#numberAt(heading));
    this.speed = Number.NaN;
    for (let bank = 0; bank < this.#banks && Number.isNaN(this.speed); bank++) this.#takeSpeed(bank);
    const measure = slots.measure < 0 ? -1 : this.#firstPlace([slots.measure]);
    const value = measure < 0 ? Number.NaN : this.#numberAt(measure);
    this.measure = Number.isFinite(value) ? value : Number.NaN;
    return !this.#scanner.failed;
  }

  #takeName(): boolean {
    this.nameFrom = -1;
    this.name = null;
    for (const slot of this.#fields.slots.entities) {
      for (let bank = 0; bank < this.#banks; bank++) {
        const place = bank * this.#fields.width + slot;
        const kind = this.#fields.kinds[place];
        const from = this.#fields.from[place] ?? 0;
        const to = this.#fields.to[place] ?? 0;
        if (kind === ESCAPED) return false;
        if ((kind === ASCII && to > from) || (kind === NUMBER && this.#fields.whole[place] === 1)) {
          this.nameFrom = from;
          this.nameTo = to;
          return true;
        }
        if (kind === TEXT) {
          this.name = utf8.decode(this.#scanner.data.subarray(from, to));
          return true;
        }
        if (kind === NUMBER && Number.isFinite(this.#fields.numbers[place])) {
          this.name = String(this.#fields.numbers[place]);
          return true;
        }
      }
    }
    return true;
  }

  #takeSpeed(bank: number): void {
    const { speeds } = this.#fields.slots;
    for (let i = 0; i < speeds.length; i++) {
      const place = bank * this.#fields.width + (speeds[i] ?? 0);
      if (this.#fields.kinds[place] === ABSENT) continue;
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
        const place = bank * this.#fields.width + (slots[i] ?? 0);
        const kind = this.#fields.kinds[place] ?? ABSENT;
        if (kind !== ABSENT && kind !== NULL) return place;
      }
    }
    return -1;
  }

  /** At the top only, as coordinates are. */
  #firstNumber(slots: readonly number[]): number {
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] ?? 0;
      const kind = this.#fields.kinds[slot] ?? ABSENT;
      if (kind !== ABSENT && kind !== NULL) return this.#numberAt(slot);
    }
    return Number.NaN;
  }

  /** NaN for what is neither a number nor a text that holds one. */
  #numberAt(place: number): number {
    const kind = this.#fields.kinds[place];
    if (kind === NUMBER) return this.#fields.numbers[place] ?? Number.NaN;
    if (kind !== ASCII && kind !== TEXT && kind !== ESCAPED) return Number.NaN;
    return toNumber(this.#text(kind, this.#fields.from[place] ?? 0, this.#fields.to[place] ?? 0));
  }

  #timeAt(place: number): number {
    const kind = this.#fields.kinds[place];
    if (kind === NUMBER) return parseEventTime(this.#fields.numbers[place]) ?? Number.NaN;
    if (kind !== ASCII && kind !== TEXT && kind !== ESCAPED) return Number.NaN;
    return this.#timeIn(kind, this.#fields.from[place] ?? 0, this.#fields.to[place] ?? 0);
  }

  #timeIn(kind: number, from: number, to: number): number {
    const time = kind === ASCII ? this.#times.parse(this.#scanner.data, from, to) : Number.NaN;
    return Number.isNaN(time) ? (parseEventTime(this.#text(kind, from, to)) ?? Number.NaN) : time;
  }

  /** A string of the record; the scanner fails when it is one that has to be unescaped, or too long to be looked at. */
  #text(kind: number, from: number, to: number): string {
    if (kind === ESCAPED || to - from > LONGEST_TEXT) {
      this.#scanner.fail();
      return '';
    }
    const { data } = this.#scanner;
    return kind === ASCII ? asciiText(data, from, to) : utf8.decode(data.subarray(from, to));
  }
}
