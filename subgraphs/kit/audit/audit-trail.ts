import { runOutsideScope } from '../requests/request-scope.js';
import type { Store } from '../store/open-store.js';
import { StoreNotAnswering } from '../store/store-fault.js';
import { transaction } from '../store/transaction.js';
import { auditHash, CHAIN_START } from './audit-chain.js';
import type { AuditEntry, AuditSink } from './audit-entry.js';
import { auditHeads, auditRecords } from './audit-tables.js';

const HEAD = 'main';
/** Records written in one transaction at most. */
const BATCH = 500;
/** Records that may wait for a store that is slow or hangs; those beyond are not taken. */
const WAITING = 10_000;

interface Waiting {
  entry: AuditEntry;
  readonly written: PromiseWithResolvers<void>[];
}

/**
 * One subgraph's append-only, hash-chained audit. Writers in several processes keep one chain: each takes the head's row
 * lock, and what it appends follows what is committed. What comes while a transaction runs is written with the next one.
 */
export class AuditTrail implements AsyncDisposable, AuditSink {
  readonly #store: Promise<Store>;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #headIsThere = false;
  #failures = 0;
  #opened: Store | undefined;

  /** @param store may still be opening: nothing waits for it but records. */
  constructor(store: Promise<Store> | Store) {
    this.#store = Promise.resolve(store);
    // whoever records something hears of it; at a start that records nothing it is no reason to end the process
    this.#store.then(
      (opened) => {
        this.#opened = opened;
      },
      () => {},
    );
  }

  /** Records that were not taken. */
  get failures(): number {
    return this.#failures;
  }

  /** Where it is kept, once that is open. */
  get store(): Store | undefined {
    return this.#opened;
  }

  record(entry: AuditEntry): Promise<void> {
    if (this.#waiting.length >= WAITING) {
      this.#failures += entry.count;
      return Promise.reject(new StoreNotAnswering('too many records wait for the audit'));
    }
    const written = Promise.withResolvers<void>();
    const same = this.#waiting.at(-1);
    // a flood of refusals is one record that counts, and so can't fill the disk
    if (same !== undefined && sameRefusal(same.entry, entry)) {
      same.entry = { ...same.entry, count: same.entry.count + entry.count };
      same.written.push(written);
    } else {
      this.#waiting.push({ entry, written: [written] });
    }
    // what is written goes for others, too, and does not end with this request
    this.#writing ??= runOutsideScope(() => this.#write());
    return written.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    const [store] = await Promise.allSettled([this.#store]);
    if (store.status === 'fulfilled') await store.value[Symbol.asyncDispose]();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      try {
        await this.#append(batch.map(({ entry }) => entry));
        for (const { written } of batch) for (const one of written) one.resolve();
      } catch (error) {
        this.#failures += batch.reduce((sum, { entry }) => sum + entry.count, 0);
        for (const { written } of batch) for (const one of written) one.reject(error);
      }
    }
    // in the same turn in which nothing was waiting: what comes from here on begins anew
    this.#writing = undefined;
  }

  async #append(entries: readonly AuditEntry[]): Promise<void> {
    const store = await this.#store;
    if (!this.#headIsThere) {
      const first = { name: HEAD, position: 0, hash: CHAIN_START };
      await store.fork().upsert(auditHeads, first, { onConflictAction: 'ignore', onConflictFields: ['name'] });
      this.#headIsThere = true;
    }
    await transaction(store.fork(), async (tx) => {
      await tx.execute('update audit_head set position = position + ? where name = ?', [entries.length, HEAD], 'run');
      const [head] = await tx.execute<{ position: number | string; hash: string }[]>(
        'select position, hash from audit_head where name = ?',
        [HEAD],
      );
      if (head === undefined) throw new Error('the audit has no head');
      let previous = head.hash;
      const rows = entries.map((entry, index) => {
        const position = Number(head.position) - entries.length + 1 + index;
        const unsealed = { ...entry, at: entry.at.getTime(), position, previous };
        const hash = auditHash(unsealed);
        previous = hash;
        return { ...unsealed, hash };
      });
      await tx.insertMany(auditRecords, rows);
      await tx.execute('update audit_head set hash = ? where name = ?', [previous, HEAD], 'run');
    });
  }
}

function sameRefusal(a: AuditEntry, b: AuditEntry): boolean {
  return a.subject === null && b.subject === null && a.action === b.action && a.outcome === b.outcome && a.object === b.object;
}
