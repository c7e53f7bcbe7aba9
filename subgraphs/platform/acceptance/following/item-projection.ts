import type { SqlEntityManager } from '@mikro-orm/sql';
import { EventRefused, type SourceEvent } from '../../../kit/feed/consumer.js';
import type { AskedField, AskedMaterial, KnownStep } from '../store/handed-in.js';
import { items } from '../store/tables.js';

export const ITEM_EVENTS = `subscription ItemEvents($after: Cursor) {
  itemEvents(after: $after) {
    id cursor kind departmentCode itemCode name state guideVersion promisedDays statutoryDays
    materials { code name required electronic shared } formFields { name label required }
    steps { code name kind limitDays }
  }
}`;

/** The catalogue's ItemEvent, as far as it is asked for. */
export interface CatalogEvent extends SourceEvent {
  kind: string;
  departmentCode: string;
  itemCode: string;
  name: string;
  state: string;
  guideVersion: number;
  promisedDays: number;
  statutoryDays: number;
  materials: AskedMaterial[];
  formFields: AskedField[];
  steps: KnownStep[] | null;
}

/** Keeps what the catalogue says of an item. One that is no longer offered stays: its cases still name it. */
export async function applyCatalogEvent(tx: SqlEntityManager, event: CatalogEvent): Promise<void> {
  const { departmentCode, itemCode: code, guideVersion, promisedDays, statutoryDays } = event;
  if (code.length > 64 || departmentCode.length > 32) throw new EventRefused('its codes are longer than the ledger keeps');
  const name = event.name.slice(0, 200);
  const row = {
    departmentCode,
    code,
    name,
    guideVersion,
    promisedDays,
    statutoryDays,
    retired: event.kind === 'RETIRED' || event.state === 'RETIRED',
    materials: event.materials.map(({ code, name, required, electronic, shared }) => ({ code, name, required, electronic, shared })),
    formFields: event.formFields.map(({ name, label, required }) => ({ name, label, required })),
    steps: event.steps?.map(({ code, name, kind, limitDays }) => ({ code, name, kind, limitDays })) ?? null,
  };
  const known = await tx.findOne(items, { departmentCode, code });
  if (known === null) tx.create(items, row);
  else Object.assign(known, row);
}
