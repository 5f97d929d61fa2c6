/**
 * The dictionary of a stream: entity ids to numbers, in the order in which they come. Most ids are plain ASCII and are
 * found by their bytes, without a string being made: a hash table over one store of bytes, about 30 bytes an entity.
 */

/** Not among them, and there is no room for it. */
export const NO_ROOM = -1;

const FIRST_CAPACITY = 1_024;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** How many entities all streams together may name. */
export class EntityBudget {
  most = 0;
  used = 0;

  /** False when there is none left. */
  take(): boolean {
    if (this.used >= this.most) return false;
    this.used += 1;
    return true;
  }
}

export class EntityIndex {
  /** Ids since the last `takeAdded`. */
  #added: string[] = [];
  #size = 0;
  readonly #budget: EntityBudget;
  /** Ids that are not plain ASCII. */
  readonly #others = new Map<string, number>();
  /** By hash, open addressing: the number of a plain id in the columns below and one; 0: free. */
  #table = new Int32Array(2 * FIRST_CAPACITY);
  #plain = 0;
  #hash = new Int32Array(FIRST_CAPACITY);
  #entity = new Uint32Array(FIRST_CAPACITY);
  /** Where the bytes of a plain id begin; they end where the next one's begin. */
  #start = new Uint32Array(FIRST_CAPACITY + 1);
  #bytes = new Uint8Array(16 * FIRST_CAPACITY);
  #scratch = new Uint8Array(64);

  constructor(budget: EntityBudget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#size;
  }

  /** Gives back what it took of the budget; it must not be asked again. */
  close(): void {
    this.#budget.used -= this.#size;
    this.#size = 0;
  }

  /** What was added since this was last asked. */
  takeAdded(): readonly string[] {
    const added = this.#added;
    this.#added = [];
    return added;
  }

  /** Number of the id that these bytes spell, which is new perhaps; undefined when they are not plain ASCII. */
  ofBytes(data: Uint8Array, from: number, to: number): number | undefined {
    let hash = FNV_OFFSET;
    for (let at = from; at < to; at++) {
      const byte = data[at] ?? 0;
      if (byte >= 0x80) return undefined;
      hash = Math.imul(hash ^ byte, FNV_PRIME);
    }
    const mask = this.#table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const plain = (this.#table[slot] ?? 0) - 1;
      if (plain < 0) return this.#add(data, from, to, hash, slot);
      if (this.#hash[plain] === hash && this.#isSame(plain, data, from, to)) return this.#entity[plain] ?? 0;
      slot = (slot + 1) & mask;
    }
  }

  of(id: string): number {
    if (this.#scratch.length < 3 * id.length) this.#scratch = new Uint8Array(3 * id.length);
    const { written } = encoder.encodeInto(id, this.#scratch);
    if (written === id.length) return this.ofBytes(this.#scratch, 0, written) ?? NO_ROOM;
    const known = this.#others.get(id);
    if (known !== undefined) return known;
    const entity = this.#next(id);
    if (entity !== NO_ROOM) this.#others.set(id, entity);
    return entity;
  }

  #next(id: string): number {
    if (!this.#budget.take()) return NO_ROOM;
    this.#added.push(id);
    this.#size += 1;
    return this.#size - 1;
  }

  #isSame(plain: number, data: Uint8Array, from: number, to: number): boolean {
    const start = this.#start[plain] ?? 0;
    if ((this.#start[plain + 1] ?? 0) - start !== to - from) return false;
    for (let i = 0; i < to - from; i++) if (this.#bytes[start + i] !== data[from + i]) return false;
    return true;
  }

  #add(data: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const entity = this.#next(String.fromCharCode(...data.subarray(from, to)));
    if (entity === NO_ROOM) return NO_ROOM;
    const plain = this.#plain;
    this.#plain += 1;
    if (plain === this.#hash.length) this.#growColumns();
    const start = this.#start[plain] ?? 0;
    const end = start + to - from;
    if (end > this.#bytes.length) this.#bytes = grown(this.#bytes, Uint8Array, Math.max(end, 2 * this.#bytes.length));
    this.#bytes.set(data.subarray(from, to), start);
    this.#hash[plain] = hash;
    this.#entity[plain] = entity;
    this.#start[plain + 1] = end;
    this.#table[slot] = plain + 1;
    if (2 * this.#plain > this.#table.length) this.#growTable();
    return entity;
  }

  #growColumns(): void {
    const capacity = 2 * this.#hash.length;
    this.#hash = grown(this.#hash, Int32Array, capacity);
    this.#entity = grown(this.#entity, Uint32Array, capacity);
    this.#start = grown(this.#start, Uint32Array, capacity + 1);
  }

  #growTable(): void {
    const table = new Int32Array(2 * this.#table.length);
    const mask = table.length - 1;
    for (let plain = 0; plain < this.#plain; plain++) {
      const hash = this.#hash[plain] ?? 0;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = plain + 1;
    }
    this.#table = table;
  }
}

const encoder = new TextEncoder();

function grown<T extends Uint8Array | Int32Array | Uint32Array>(
  column: T,
  Column: new (length: number) => T,
  length: number,
): T {
  const longer = new Column(length);
  longer.set(column);
  return longer;
}
