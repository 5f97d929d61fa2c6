/**
 * Which entities of a store have changed in what a picture shows of them: where, which way, which number, and whether at
 * all. Whoever keeps a picture remembers how far it has read, and so learns what is new; when that is more than is kept
 * here, it has to look at everybody.
 */

const LEAST = 1_024;
/** Of so many entities, one change is kept. */
const ENTITIES_A_CHANGE = 1;

export class ChangeRing {
  /** A power of two long. */
  #entities = new Uint32Array(LEAST);
  #count = 0;

  /** How many changes there have been so far: the place to read on from. */
  get count(): number {
    return this.#count;
  }

  note(entity: number): void {
    this.#entities[this.#count & (this.#entities.length - 1)] = entity;
    this.#count++;
  }

  /** Anybody may have changed. */
  noteAll(): void {
    this.#count += this.#entities.length + 1;
  }

  /** For a store of so many entities; what was noted is forgotten, as with `noteAll`, when the ring grows. */
  fit(entities: number): void {
    let length = this.#entities.length;
    while (length * ENTITIES_A_CHANGE < entities) length *= 2;
    if (length === this.#entities.length) return;
    this.#entities = new Uint32Array(length);
    this.noteAll();
  }

  /** How many have been noted since the count was `from`; null when they are no longer all known. */
  since(from: number): number | null {
    const changes = this.#count - from;
    return changes <= this.#entities.length ? changes : null;
  }

  /** The entity of change number `at`, one of those that `since` tells of. */
  entityAt(at: number): number {
    return this.#entities[at & (this.#entities.length - 1)] ?? 0;
  }
}
