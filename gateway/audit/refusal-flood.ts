import type { AuditEntry } from '../../subgraphs/kit/audit/audit-entry.js';

/** Milliseconds for which equal refusals are counted before the count is written. */
const WINDOW = 1_000;
/** Kinds of refusals told apart in one window; those of more callers are counted by their code alone. */
const KINDS = 20;

interface Counted {
  readonly entry: AuditEntry;
  more: number;
}

/**
 * Keeps a flood of refusals from becoming a flood of records, and loses none of it. The first of a kind (the same code, caller
 * or address, and root fields) is written at once; its like are counted, and written as one record when the window ends.
 * Beyond {@link KINDS} kinds only codes are told apart. So at most `2 × KINDS` records, and one for each code, are written in
 * a window, whatever comes, from however many.
 */
export class RefusalFlood implements Disposable {
  readonly #write: (entry: AuditEntry) => void;
  readonly #windowMs: number;
  readonly #window = new Map<string, Counted>();
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (entry: AuditEntry) => void, windowMs = WINDOW) {
    this.#write = write;
    this.#windowMs = windowMs;
  }

  note(entry: AuditEntry): void {
    this.#timer ??= setTimeout(() => this.#close(), this.#windowMs).unref();
    const { outcome, subject, object, action } = entry;
    const kind = JSON.stringify([outcome, subject, object, action]);
    const known = this.#window.get(kind) ?? (this.#window.size < KINDS ? undefined : this.#crowd(entry));
    if (known !== undefined) {
      known.more++;
      return;
    }
    this.#window.set(kind, { entry, more: 0 });
    this.#write(entry);
  }

  /** Those of nobody in particular. */
  #crowd(entry: AuditEntry): Counted {
    const kind = entry.outcome;
    let known = this.#window.get(kind);
    if (known === undefined) {
      known = { entry: { ...entry, subject: null, roles: '', action: 'several', object: '' }, more: 0 };
      this.#window.set(kind, known);
    }
    return known;
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { entry, more } of this.#window.values()) if (more > 0) this.#write({ ...entry, count: more });
    this.#window.clear();
  }

  /** Writes what was counted. */
  [Symbol.dispose](): void {
    this.#close();
  }
}
