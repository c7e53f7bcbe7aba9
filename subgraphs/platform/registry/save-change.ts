import type { SqlEntityManager } from '@mikro-orm/sql';
import type { EventFeed, NewEvent } from '../../kit/feed/event-feed.js';
import { compositionKey, partOf } from './composing/composition.js';
import type { SchemaChange } from './composing/schema-changes.js';
import { DepartmentState } from './department.js';
import { DepartmentEventKind } from './department-event-kind.js';
import { type AnyPublication, type DepartmentPublication, samePublished } from './publications.js';
import { HEAD, RegistryMoved, type RegistryState } from './registry-state.js';
import { type SupergraphContent, versionOf } from './subgraph-urls.js';
import {
  departments,
  platformSubgraphs,
  publications,
  publishedSdls,
  registryHeads,
  type SupergraphVersionRow,
  supergraphVersions,
} from './tables.js';

/** What a department event carries beyond what every event has. */
export type DepartmentEventPayload = Pick<DepartmentPublication, 'affiliation' | 'url' | 'subscriptionUrl'> & { name: string };

/** Who changes the registry, and why. */
export interface ChangeNote {
  readonly by: string;
  readonly reason?: string | null | undefined;
  /** Why changes that clients will feel are published all the same, and which ones. */
  readonly override?: { readonly reason: string; readonly changes: readonly SchemaChange[] } | undefined;
}

/** The supergraph that comes into force with a change. */
export interface NextSupergraph {
  readonly content: SupergraphContent;
  /** Null where there was no graph before. */
  readonly changes: readonly SchemaChange[] | null;
  /** Set by a rollback: the version that comes back, and what it was composed under. */
  readonly restores?: { readonly number: number; readonly compositionKey: string } | undefined;
}

export interface RegistryChange {
  /** What it was decided on. */
  readonly state: RegistryState;
  readonly publications: readonly AnyPublication[];
  /** Departments that leave the graph. */
  readonly withdrawn?: readonly string[];
  /** By department: what may not come back by itself; null for what may again. */
  readonly held?: ReadonlyMap<string, string | null>;
  /** Absent when the graph stays as it is. */
  readonly next?: NextSupergraph | undefined;
  readonly note: ChangeNote;
}

/**
 * Stores publications, supergraph and events in one transaction, both or neither.
 * @throws RegistryMoved when the registry is no longer what the change was decided on; then nothing was stored.
 */
export async function saveChange(
  feed: EventFeed,
  now: Date,
  { state, publications: changes, withdrawn = [], held = new Map(), next, note }: RegistryChange,
): Promise<SupergraphVersionRow | undefined> {
  return feed.transaction(feed.store.fork(), async (tx, append) => {
    const taken = await tx.nativeUpdate(registryHeads, { name: HEAD, revision: state.revision }, { revision: state.revision + 1 });
    if (taken !== 1) throw new RegistryMoved();
    const stored: AnyPublication[] = [];
    for (const change of changes) {
      const before = state.publications.current(change);
      const number = (samePublished(before, change) ? before?.publication : undefined) ?? (await record(tx, change, now, note));
      const numbered = { ...change, publication: number };
      stored.push(numbered);
      await takeInto(tx, numbered, now, held.get(change.name));
      const kind = before === undefined ? DepartmentEventKind.REGISTERED : DepartmentEventKind.CHANGED;
      if (change.kind === 'department') await append(eventOf(change, kind, now));
    }
    if (withdrawn.length > 0) {
      for (const code of withdrawn) {
        const heldSdlHash = held.get(code);
        const left = { state: DepartmentState.WITHDRAWN, updatedAt: now, ...(heldSdlHash !== undefined && { heldSdlHash }) };
        await tx.nativeUpdate(departments, { code }, left);
      }
      const left = state.publications.departments.filter(({ name }) => withdrawn.includes(name));
      await append(...left.map((one) => eventOf(one, DepartmentEventKind.WITHDRAWN, now)));
    }
    if (next === undefined) return undefined;
    const after = state.publications.with(stored).without(withdrawn);
    return tx.create(supergraphVersions, {
      number: (state.current?.number ?? 0) + 1,
      version: versionOf(next.content),
      compositionKey: next.restores?.compositionKey ?? compositionKey(after),
      document: next.content,
      composedFrom: [...after].map(partOf),
      createdAt: now,
      changes: next.changes === null ? null : [...next.changes],
      createdBy: note.by,
      reason: note.reason ?? null,
      restores: next.restores?.number ?? null,
    });
  });
}

/** Writes the publication down for ever; returns its number. The head's lock, held by now, makes numbers gapless. */
async function record(tx: SqlEntityManager, change: AnyPublication, now: Date, { by, reason, override }: ChangeNote): Promise<number> {
  const [last] = await tx.find(publications, {}, { orderBy: { number: 'desc' }, limit: 1, fields: ['number'], disableIdentityMap: true });
  const number = (last?.number ?? 0) + 1;
  const { kind, name, url, subscriptionUrl, sdlHash, sdl } = change;
  const known = await tx.count(publishedSdls, { hash: sdlHash });
  if (known === 0) await tx.insert(publishedSdls, { hash: sdlHash, content: { sdl } });
  await tx.insert(publications, {
    number,
    kind,
    name,
    url,
    subscriptionUrl,
    sdlHash,
    publishedBy: by,
    publishedAt: now,
    reason: reason ?? null,
    overrideReason: override?.reason ?? null,
    overridden: override === undefined ? null : [...override.changes],
  });
  return number;
}

async function takeInto(tx: SqlEntityManager, change: AnyPublication, now: Date, held: string | null | undefined): Promise<void> {
  const { url, subscriptionUrl, sdl, sdlHash, publication: publicationNumber = null } = change;
  const content = { url, subscriptionUrl, publication: { sdl }, sdlHash, publicationNumber, updatedAt: now };
  if (change.kind === 'platform') {
    const row = await tx.findOne(platformSubgraphs, change.name);
    if (row === null) tx.create(platformSubgraphs, { name: change.name, registeredAt: now, ...content });
    else tx.assign(row, content);
    return;
  }
  const { title: name, affiliation, contact } = change;
  const own = {
    ...content,
    name,
    affiliation,
    state: DepartmentState.ACTIVE,
    ...(contact !== undefined && { contact }),
    ...(held !== undefined && { heldSdlHash: held }),
  };
  const row = await tx.findOne(departments, change.name);
  if (row === null) tx.create(departments, { code: change.name, registeredAt: now, ...own });
  else tx.assign(row, own);
}

function eventOf(department: DepartmentPublication, kind: DepartmentEventKind, now: Date): NewEvent {
  const { name, title, affiliation, url, subscriptionUrl } = department;
  const payload: DepartmentEventPayload = { name: title, affiliation, url, subscriptionUrl };
  return {
    kind,
    scope: name,
    subject: name,
    payload: { ...payload },
    occurredAt: now,
  };
}
