import DataLoader from 'dataloader';
import { feedEvents } from '../../kit/feed/feed-tables.js';
import type { Ledger } from './ledger.js';
import {
  type ApplicationEventRow,
  type ApplicationVersionRow,
  applicationEvents,
  applicationVersions,
  type NoticeRow,
  notices,
  type RefusalRow,
  refusals,
} from './store/application-tables.js';
import { type DocumentRow, type DossierRow, documents, dossiers } from './store/file-tables.js';
import {
  type ApplicationRow,
  applications,
  type CaseRow,
  cases,
  type DispatchRow,
  dispatches,
  type ItemRow,
  items,
  type ProgressRow,
  progress,
} from './store/tables.js';

/** Which item; its code means something within its department only. */
export interface ItemKey {
  readonly departmentCode: string;
  readonly itemCode: string;
}

const itemKey = ({ departmentCode, itemCode }: ItemKey) => `${departmentCode} ${itemCode}`;

/** What one request has read, and reads together. Null stands for what isn't there. */
export interface Loaders {
  readonly caseByNumber: DataLoader<string, CaseRow | null>;
  readonly applicationById: DataLoader<string, ApplicationRow | null>;
  /** The item of a case or application, as the catalogue tells it. */
  readonly itemOf: DataLoader<ItemKey, ItemRow | null, string>;
  readonly dispatchOf: DataLoader<string, DispatchRow | null>;
  readonly timelineOf: DataLoader<string, ProgressRow[]>;
  readonly applicationEventsOf: DataLoader<string, ApplicationEventRow[]>;
  readonly noticesOf: DataLoader<string, NoticeRow[]>;
  readonly versionsOf: DataLoader<string, ApplicationVersionRow[]>;
  readonly refusalOf: DataLoader<string, RefusalRow | null>;
  /** By application: a case's documents are its application's. */
  readonly documentsOf: DataLoader<string, DocumentRow[]>;
  readonly dossierOf: DataLoader<string, DossierRow | null>;
  readonly progressByEvent: DataLoader<string, ProgressRow | null>;
  /** The cursor of an event in the ledger's feed. */
  readonly cursorOf: DataLoader<string, string | null>;
}

/** Loaders of one request or subscription event. */
export function createLoaders({ store, feed }: Pick<Ledger, 'store' | 'feed'>): Loaders {
  const em = store.fork();
  const options = { disableIdentityMap: true } as const;
  return {
    caseByNumber: byKey(
      (keys) => em.find(cases, { number: { $in: keys } }, options),
      ({ number }) => number,
    ),
    applicationById: byKey(
      (keys) => em.find(applications, { id: { $in: keys } }, options),
      ({ id }) => id,
    ),
    itemOf: new DataLoader<ItemKey, ItemRow | null, string>(
      async (keys) => {
        const codes = Map.groupBy(keys, ({ departmentCode }) => departmentCode);
        const wanted = [...codes].map(([departmentCode, ofIt]) => ({
          departmentCode,
          code: { $in: ofIt.map(({ itemCode }) => itemCode) },
        }));
        const rows = await em.find(items, { $or: wanted }, options);
        const found = new Map(rows.map((row) => [itemKey({ departmentCode: row.departmentCode, itemCode: row.code }), row]));
        return keys.map((key) => found.get(itemKey(key)) ?? null);
      },
      { cacheKeyFn: itemKey },
    ),
    dispatchOf: byKey(
      (keys) => em.find(dispatches, { caseNumber: { $in: keys } }, options),
      ({ caseNumber }) => caseNumber,
    ),
    progressByEvent: byKey(
      (keys) => em.find(progress, { eventId: { $in: keys } }, options),
      ({ eventId }) => eventId,
    ),
    applicationEventsOf: byApplication((keys) =>
      em.find(applicationEvents, { applicationId: { $in: keys } }, { ...options, orderBy: { applicationId: 'asc', ordinal: 'asc' } }),
    ),
    noticesOf: byApplication((keys) =>
      em.find(notices, { applicationId: { $in: keys } }, { ...options, orderBy: { applicationId: 'asc', ordinal: 'asc' } }),
    ),
    versionsOf: byApplication((keys) =>
      em.find(applicationVersions, { applicationId: { $in: keys } }, { ...options, orderBy: { applicationId: 'asc', ordinal: 'asc' } }),
    ),
    documentsOf: byApplication((keys) =>
      em.find(
        documents,
        { applicationId: { $in: keys } },
        { ...options, orderBy: { applicationId: 'asc', createdAt: 'asc', ordinal: 'asc', id: 'asc' } },
      ),
    ),
    refusalOf: byKey(
      (keys) => em.find(refusals, { applicationId: { $in: keys } }, options),
      ({ applicationId }) => applicationId,
    ),
    dossierOf: byKey(
      (keys) => em.find(dossiers, { caseNumber: { $in: keys } }, options),
      ({ caseNumber }) => caseNumber,
    ),
    timelineOf: new DataLoader(async (keys) => {
      const rows = await em.find(
        progress,
        { caseNumber: { $in: [...keys] } },
        { ...options, orderBy: { caseNumber: 'asc', ordinal: 'asc' } },
      );
      const grouped = Map.groupBy(rows, ({ caseNumber }) => caseNumber);
      return keys.map((key) => grouped.get(key) ?? []);
    }),
    cursorOf: new DataLoader(async (keys) => {
      const rows = await em.find(feedEvents, { id: { $in: [...keys] } }, { ...options, fields: ['id', 'position'] });
      const found = new Map(rows.map((row) => [row.id, feed.cursorOf(row)]));
      return keys.map((key) => found.get(key) ?? null);
    }),
  };
}

function byKey<T>(find: (keys: string[]) => Promise<T[]>, keyOf: (row: T) => string): DataLoader<string, T | null> {
  return new DataLoader(async (keys) => {
    const found = new Map((await find([...keys])).map((row) => [keyOf(row), row]));
    return keys.map((key) => found.get(key) ?? null);
  });
}

function byApplication<T extends { applicationId: string }>(find: (keys: string[]) => Promise<T[]>): DataLoader<string, T[]> {
  return new DataLoader(async (keys) => {
    const grouped = Map.groupBy(await find([...keys]), ({ applicationId }) => applicationId);
    return keys.map((key) => grouped.get(key) ?? []);
  });
}
