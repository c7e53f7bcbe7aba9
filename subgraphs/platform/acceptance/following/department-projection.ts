import type { SqlEntityManager } from '@mikro-orm/sql';
import { EventRefused, type SourceEvent } from '../../../kit/feed/consumer.js';
import { letterCandidates } from '../rules/department-letters.js';
import { departments } from '../store/tables.js';

export const DEPARTMENT_EVENTS = `subscription DepartmentEvents($after: Cursor) {
  departmentEvents(after: $after) { id cursor kind occurredAt departmentCode name url subscriptionUrl }
}`;

/** The registry's DepartmentEvent, as far as it is asked for. */
export interface RegistryEvent extends SourceEvent {
  kind: string;
  departmentCode: string;
  name: string;
  url: string;
  subscriptionUrl: string;
}

/** Keeps what the registry says of a department, and gives a new one what stands for it in case numbers. */
export async function applyRegistryEvent(tx: SqlEntityManager, event: RegistryEvent): Promise<void> {
  const { departmentCode: code, url, subscriptionUrl } = event;
  if (code.length > 32 || url.length > 2_048 || subscriptionUrl.length > 2_048)
    throw new EventRefused('its code or address is longer than the ledger keeps');
  const name = event.name.slice(0, 200);
  const known = await tx.findOne(departments, code);
  if (known === null) {
    tx.create(departments, { code, name, url, subscriptionUrl, letters: await freeLetters(tx, code), registrations: 1 });
    return;
  }
  Object.assign(known, { name, url, subscriptionUrl, registrations: known.registrations + 1 });
}

async function freeLetters(tx: SqlEntityManager, code: string): Promise<string> {
  const taken = new Set((await tx.find(departments, {}, { fields: ['letters'] })).map(({ letters }) => letters));
  for (const candidate of letterCandidates(code)) if (!taken.has(candidate)) return candidate;
  throw new EventRefused('every abbreviation of the department is taken');
}
