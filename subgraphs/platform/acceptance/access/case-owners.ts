import { runOutsideScope } from '../../../kit/requests/request-scope.js';
import type { Store } from '../../../kit/store/open-store.js';
import { cases } from '../store/tables.js';
import type { GuardedRow } from './row-guard.js';

/** Cases remembered. What decides who may see a case never changes, so forgetting is a matter of memory only. */
const REMEMBERED = 10_000;

/** Whose each case is, for watchers that would otherwise ask the store once per event and watcher. */
export class CaseOwners {
  readonly #known = new Map<string, Promise<GuardedRow | undefined>>();

  constructor(readonly store: Store) {}

  of(caseNumber: string): Promise<GuardedRow | undefined> {
    const known = this.#known.get(caseNumber);
    if (known !== undefined) return known;
    // others share it, so that it must not end with the request that began it
    const asked = runOutsideScope(() => this.#ask(caseNumber));
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(caseNumber, asked);
    // what isn't there yet may come
    asked.then(
      (owner) => owner === undefined && this.#known.delete(caseNumber),
      () => this.#known.delete(caseNumber),
    );
    return asked;
  }

  async #ask(caseNumber: string): Promise<GuardedRow | undefined> {
    const row = await this.store.fork().findOne(cases, caseNumber, { fields: ['number', 'departmentCode', 'applicantSubject'] });
    if (row === null || row.number !== caseNumber) return undefined;
    return { departmentCode: row.departmentCode, applicantSubject: row.applicantSubject ?? null };
  }
}
