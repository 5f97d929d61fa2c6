/**
 * For each key the offset of its last record, in bounded memory: a table of hashes of 128 bits, open addressing, 24 bytes a
 * key, as Kafka's own (SkimpyOffsetMap). The hash is cut from SHA-256, so that no two keys have the same.
 */
import { hash } from 'node:crypto';

const MAX_LOAD = 0.75;
const WORDS = 4;

export class OffsetMap {
  private readonly hashes: Uint32Array;
  /** One more than each is, so that 0 is a free place: filling a large table would take its time. */
  private readonly offsets: Float64Array;
  private readonly capacity: number;
  private count = 0;

  /** @param maxKeys as many as it takes at least */
  constructor(maxKeys: number) {
    this.capacity = Math.max(Math.ceil(maxKeys / MAX_LOAD), 16);
    this.hashes = new Uint32Array(this.capacity * WORDS);
    this.offsets = new Float64Array(this.capacity);
  }

  get isFull(): boolean {
    return this.count >= this.capacity * MAX_LOAD;
  }

  /** False if the key is new and there is no room for it. */
  put(key: Buffer, offset: number): boolean {
    const wanted = hashOf(key);
    const place = this.placeOf(wanted);
    if (this.offsets[place] === 0) {
      if (this.isFull) return false;
      this.count += 1;
      for (let word = 0; word < WORDS; word += 1) this.hashes[place * WORDS + word] = wanted.readUInt32LE(word * 4);
    }
    this.offsets[place] = offset + 1;
    return true;
  }

  /** -1 for a key that is not there. */
  get(key: Buffer): number {
    return (this.offsets[this.placeOf(hashOf(key))] ?? 0) - 1;
  }

  /** Where the hash is, or the free place where it would go. */
  private placeOf(wanted: Buffer): number {
    for (let place = wanted.readUInt32LE(0) % this.capacity; ; place = (place + 1) % this.capacity) {
      if (this.offsets[place] === 0 || this.holds(place, wanted)) return place;
    }
  }

  private holds(place: number, wanted: Buffer): boolean {
    for (let word = 0; word < WORDS; word += 1) {
      if (this.hashes[place * WORDS + word] !== wanted.readUInt32LE(word * 4)) return false;
    }
    return true;
  }
}

function hashOf(key: Buffer): Buffer {
  return hash('sha256', key, 'buffer');
}
