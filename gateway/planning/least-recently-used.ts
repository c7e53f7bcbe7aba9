/** A map that forgets what was used longest ago once it holds `capacity` entries. */
export class LeastRecentlyUsed<K, V> {
  readonly #capacity: number;
  readonly #entries = new Map<K, V>();

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`a cache needs room for at least one entry, not ${capacity}`);
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // a Map keeps insertion order: what was used last goes to the end
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#capacity) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest as K);
    }
    this.#entries.set(key, value);
  }

  /** Removes the entry if it still has this value. */
  drop(key: K, value: V): void {
    if (this.#entries.get(key) === value) this.#entries.delete(key);
  }
}
