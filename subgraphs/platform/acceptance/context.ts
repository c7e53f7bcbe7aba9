import type { Caller } from '../../kit/identity/caller.js';
import { maySee } from './access/row-guard.js';
import type { Ledger } from './ledger.js';
import { createLoaders, type Loaders } from './loaders.js';
import type { ApplicationRow, CaseRow } from './store/tables.js';

/** What resolvers work with: one per request and one per subscription event. */
export interface AcceptanceContext {
  readonly caller: Caller;
  readonly ledger: Ledger;
  readonly loaders: Loaders;
}

export function acceptanceContext(ledger: Ledger, caller: Caller): AcceptanceContext {
  return { caller, ledger, loaders: createLoaders(ledger) };
}

/** The case, if the caller may see it; one that may not be seen and one that isn't there look the same. */
export async function visibleCase({ loaders, caller }: AcceptanceContext, number: string): Promise<CaseRow | null> {
  const row = await loaders.caseByNumber.load(number);
  return row !== null && maySee(caller, row) ? row : null;
}

export async function visibleApplication({ loaders, caller }: AcceptanceContext, id: string): Promise<ApplicationRow | null> {
  const row = await loaders.applicationById.load(id);
  return row !== null && maySee(caller, row) ? row : null;
}
