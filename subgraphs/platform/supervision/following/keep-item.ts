import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { EventRefused, type SourceEvent } from '../../../kit/feed/consumer.js';
import type { Append } from '../../../kit/feed/event-feed.js';
import { AlertChanges } from '../alerts/alert-changes.js';
import { keepAlerts } from '../alerts/keep-alerts.js';
import { type ItemVersion, withVersion } from '../facts/item-history.js';
import { reviewRulesMissing } from '../rules/review-rules-missing.js';
import { itemSubject } from '../store/subjects.js';
import { supervisedCases, supervisedItems } from '../store/tables.js';
import type { Supervision } from '../supervision.js';

export const ITEM_EVENTS = `subscription ItemEvents($after: Cursor) {
  itemEvents(after: $after) {
    id cursor kind occurredAt departmentCode itemCode state steps { code limitDays } reviewRuleVersion
  }
}`;

/** The catalogue's ItemEvent, as far as it is asked for. */
export interface CatalogItemEvent extends SourceEvent {
  readonly kind: string;
  readonly occurredAt: string;
  readonly departmentCode: string;
  readonly itemCode: string;
  readonly state: string;
  readonly steps: { code: string; limitDays: number | null }[] | null;
  readonly reviewRuleVersion: number | null;
}

/** Keeps what the catalogue says of an item, and from when on; tells of an item that is offered without review rules. */
export async function keepItem(
  tx: SqlEntityManager,
  append: Append,
  event: CatalogItemEvent,
  { rules, clock }: Pick<Supervision, 'rules' | 'clock'>,
): Promise<void> {
  const { departmentCode, itemCode: code } = event;
  if (code.length > 64 || departmentCode.length > 32) throw new EventRefused('its codes are longer than supervision keeps');
  const changes = new AlertChanges(tx, clock());
  const known = await tx.findOne(supervisedItems, { departmentCode, code }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const history = withVersion(known?.history ?? [], versionOf(event));
  if (known === null) tx.create(supervisedItems, { departmentCode, code, history: [...history] });
  else known.history = [...history];
  // cases that came before their item was known are judged anew
  if (known === null) await tx.nativeUpdate(supervisedCases, { departmentCode, itemCode: code }, { nextCheckAt: changes.now });
  const findings = reviewRulesMissing(history);
  const judgement = { subject: itemSubject(departmentCode, code), departmentCode, itemCode: code, caseNumber: null, findings };
  await keepAlerts({ tx, changes, rules }, [judgement]);
  await changes.flush(append);
}

function versionOf({ kind, occurredAt, state, steps, reviewRuleVersion }: CatalogItemEvent): ItemVersion {
  return {
    since: new Date(occurredAt).toISOString(),
    active: kind !== 'RETIRED' && state === 'ACTIVE',
    reviewRuleVersion,
    steps: Object.fromEntries((steps ?? []).flatMap(({ code, limitDays }) => (limitDays === null ? [] : [[code, limitDays]]))),
  };
}
