/**
 * The hands of `PointParser`, in WebAssembly (assembly/layoutReader.ts): they read records of known layouts. All parsers
 * of a thread share them, each at its time: whoever takes them up brings its text and its layouts along.
 */
import wasm from 'assembly:layoutReader';
import { scaledLong } from './decimal';

/** What assembly/layoutReader.ts exports; places in its memory, numbers and sizes. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readLayout(layout: number, from: number, to: number): number;
}
type Place =
  | 'ENTRIES'
  | 'NUMBERS'
  | 'FROM'
  | 'TO'
  | 'KINDS'
  | 'WHOLE'
  | 'LAYOUTS'
  | 'LAYOUT_BYTES'
  | 'SLOTS'
  | 'TEXT'
  | 'PADDING';

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { layoutReader: { scaledLong } });
const { memory, readLayout } = exports as unknown as Exports;
const place = (name: Place) => Number((exports[name] as WebAssembly.Global).value);

export const MOST_ENTRIES = place('ENTRIES');
export const LAYOUT_BYTES = place('LAYOUT_BYTES');
const LAYOUTS = place('LAYOUTS');
const TEXT = place('TEXT');
export const SLOTS = place('SLOTS');
const PADDING = place('PADDING');
const PAGE = 65_536;

/** Bytes of a text; a longer one would take too much memory for good. */
export const LONGEST_LAYOUT_TEXT = 4 << 20;

export class LayoutReader {
  /** Of the record that was read last, by entry; as in `Member`, places from the beginning of the text. */
  numbers = new Float64Array(0);
  from = new Int32Array(0);
  to = new Int32Array(0);
  /** Kinds of strings; a number has none. */
  kinds = new Uint8Array(0);
  /** 1 for numbers with neither sign nor fraction. */
  whole = new Uint8Array(0);
  /** Who has taken it up. */
  holder: object | null = null;
  #bytes = new Uint8Array(0);

  constructor() {
    this.#look();
  }

  /** A text to read from, at most LONGEST_LAYOUT_TEXT bytes; it is copied. */
  take(holder: object, text: Uint8Array): void {
    this.holder = holder;
    const missing = TEXT + text.length + PADDING - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / PAGE));
      this.#look();
    }
    this.#bytes.set(text, TEXT);
    this.#bytes.fill(0, TEXT + text.length, TEXT + text.length + PADDING);
  }

  /** A layout as `readLayout` of assembly/layoutReader.ts takes it, at most LAYOUT_BYTES. */
  put(slot: number, layout: Uint8Array): void {
    this.#bytes.set(layout, LAYOUTS + slot * LAYOUT_BYTES);
  }

  /** True when what stands from `from` to `to` in the text has the layout in a slot; its values are in the columns then. */
  read(slot: number, from: number, to: number): boolean {
    return readLayout(LAYOUTS + slot * LAYOUT_BYTES, TEXT + from, TEXT + to) !== 0;
  }

  /** Memory that has grown is another buffer. */
  #look(): void {
    const { buffer } = memory;
    this.#bytes = new Uint8Array(buffer);
    this.numbers = new Float64Array(buffer, place('NUMBERS'), MOST_ENTRIES);
    this.from = new Int32Array(buffer, place('FROM'), MOST_ENTRIES);
    this.to = new Int32Array(buffer, place('TO'), MOST_ENTRIES);
    this.kinds = new Uint8Array(buffer, place('KINDS'), MOST_ENTRIES);
    this.whole = new Uint8Array(buffer, place('WHOLE'), MOST_ENTRIES);
  }
}

export const layoutReader = new LayoutReader();
