import { randomUUID } from 'node:crypto';
import type { Faults } from './faults.js';
import { Refusal } from './refusal.js';

export interface PlainEvent {
  id: string;
  cursor: string;
  departmentCode: string;
  caseNumber: string;
  kind: string;
  occurredAt: string;
  [detail: string]: unknown;
}

export type NewPlainEvent = Omit<PlainEvent, 'id' | 'cursor'>;

interface Slot {
  event: PlainEvent;
  committed: boolean;
}

/** A feed in an array: a position is an index. */
export class PlainFeed {
  readonly #slots: Slot[] = [];
  #heldBack: PlainEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #reads = 0;
  /** How far the connection that broke off last had been sent, until somebody resumes. */
  brokenOffAt: number | undefined;

  constructor(readonly faults: Faults) {}

  async append(event: NewPlainEvent): Promise<void> {
    const id = this.faults.has('event ids repeat') && event.kind === 'RECEIVED' ? 'received' : randomUUID();
    const written = { ...event, id, cursor: '' } as PlainEvent;
    if (this.faults.has('events of another department')) written.departmentCode = 'somebody-else';
    if (this.faults.has('events out of order') && event.kind === 'RECEIVED') {
      this.#heldBack.unshift(written);
    } else {
      this.#placeHeldBack();
      await this.#write(written);
    }
    for (const listener of this.#listeners) listener();
  }

  get length(): number {
    this.#placeHeldBack();
    return this.#slots.length;
  }

  #placeHeldBack(): void {
    const heldBack = this.#heldBack;
    this.#heldBack = [];
    for (const event of heldBack) this.#place(event).committed = true;
  }

  /** Undefined where nothing is committed (yet). */
  at(position: number): PlainEvent | undefined {
    const slot = this.#slots[position];
    if (slot?.committed !== true) return undefined;
    return this.faults.has('events change when read') ? { ...slot.event, occurredAt: new Date(this.#reads++).toISOString() } : slot.event;
  }

  /** How many events come before the one to begin with. */
  positionOf(after: string | null | undefined, startsOver: boolean): number {
    if (after == null) return 0;
    const position = Number(/^p(\d{1,9})$/.exec(after)?.[1] ?? Number.NaN);
    if (position <= this.length) return position;
    if (startsOver) return 0;
    throw new Refusal(this.faults.has('codes of its own') ? 'E-4711' : 'CURSOR_INVALID', '`after` is no cursor of this feed');
  }

  page(after: string | null | undefined, first: number): PlainEvent[] {
    if (this.faults.has('pages refused')) throw new Refusal('FORBIDDEN', 'there are no pages');
    if (first < 0 && this.faults.has('negative page size accepted')) return [];
    if (first < 1 || first > 500) throw new Refusal('BAD_USER_INPUT', 'first must be between 1 and 500');
    const position = this.positionOf(after, this.faults.has('bad cursor starts over'));
    const size = this.faults.has('page size ignored') && first < 5 ? first + 1 : first;
    const page: PlainEvent[] = [];
    for (let at = this.faults.has('cursor ignored by pages') ? 0 : position; at < this.length && page.length < size; at++) {
      const event = this.at(at);
      if (event !== undefined) page.push(event);
    }
    return page;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #place(event: PlainEvent): Slot {
    event.cursor = `p${this.#slots.length + 1}`;
    const slot = { event, committed: false };
    this.#slots.push(slot);
    return slot;
  }

  async #write(event: PlainEvent): Promise<void> {
    const slot = this.#place(event);
    if (this.faults.has('position before commit')) {
      // every other transaction takes longer than the one after it
      const turns = this.#slots.length % 2 === 0 ? 1 : 40;
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    slot.committed = true;
  }
}
