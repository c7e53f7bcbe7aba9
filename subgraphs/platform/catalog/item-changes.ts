import { isDeepStrictEqual } from 'node:util';
import { ServiceItemState } from '../../kit/department/types/item-enums.js';
import type { Declaration, DeclaredItem } from './declaration.js';
import type { ServiceItemRow } from './tables.js';
import { ItemEventKind } from './types/item-event-kind.js';

/** What the directory knows of an item, without when it learnt it. */
export type ItemFacts = Pick<ServiceItemRow, 'name' | 'kind' | 'state' | 'guideVersion' | 'promisedDays' | 'statutoryDays' | 'content'>;

/** One row to write, and what to tell of it. */
export interface ItemChange {
  readonly kind: ItemEventKind;
  readonly code: string;
  readonly facts: ItemFacts;
}

/**
 * What a declaration changes in a department's rows, by code. An item that is declared unusably keeps the facts it had:
 * it has not been withdrawn, and its last good guide is still the best there is.
 */
export function itemChanges(rows: readonly ServiceItemRow[], { items, declared }: Declaration): ItemChange[] {
  const known = new Map(rows.map((row) => [row.code, row]));
  const changes: ItemChange[] = [];
  for (const [code, item] of items) {
    const facts = factsOf(item);
    const row = known.get(code);
    const kind = changeOf(row, facts);
    if (kind !== undefined) changes.push({ kind, code, facts });
  }
  for (const row of rows) {
    if (row.state === ServiceItemState.RETIRED || declared.has(row.code)) continue;
    const facts = { ...storedFacts(row), state: ServiceItemState.RETIRED };
    changes.push({ kind: ItemEventKind.RETIRED, code: row.code, facts });
  }
  return changes.sort((a, b) => (a.code < b.code ? -1 : 1));
}

function changeOf(row: ServiceItemRow | undefined, facts: ItemFacts): ItemEventKind | undefined {
  const retired = facts.state === ServiceItemState.RETIRED;
  if (row === undefined || row.state !== facts.state) return retired ? ItemEventKind.RETIRED : ItemEventKind.DECLARED;
  return isDeepStrictEqual(storedFacts(row), facts) ? undefined : ItemEventKind.CHANGED;
}

function factsOf({ name, kind, state, guide, approvalFlow, reviewRules }: DeclaredItem): ItemFacts {
  const { version, promisedDays, statutoryDays, materials, formFields } = guide;
  const steps = (approvalFlow ?? []).map(({ code, name, kind, limitDays }) => ({ code, name, kind, limitDays: limitDays ?? null }));
  const versions = (reviewRules ?? []).map((rule) => rule.version);
  const reviewRuleVersion = versions.length === 0 ? null : Math.max(...versions);
  const content = { materials, formFields, steps, reviewRuleVersion };
  return { name: name.trim(), kind, state, guideVersion: version, promisedDays, statutoryDays, content };
}

export function storedFacts(row: ServiceItemRow): ItemFacts {
  const { name, kind, state, guideVersion, promisedDays, statutoryDays, content } = row;
  return { name, kind, state, guideVersion, promisedDays, statutoryDays, content };
}
