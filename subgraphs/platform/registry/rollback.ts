import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import { type AnyPublication, type DepartmentPublication, keyOf } from './publications.js';
import { judgedChanges } from './publishing/assess.js';
import type { JudgedChange } from './publishing/judge-changes.js';
import type { RegistryCore } from './registry-core.js';
import { RegistryMoved } from './registry-state.js';
import { atAddresses } from './subgraph-urls.js';
import { departments, publishedSdls, type SupergraphVersionRow, supergraphVersions } from './tables.js';

export interface RollbackRequest {
  readonly number: number;
  readonly by: string;
  readonly reason: string | null;
  /** False: every subgraph stays where it is today. True: it goes back to where it was then. */
  readonly restoreAddresses: boolean;
}

export interface RollbackResult {
  readonly version: SupergraphVersionRow;
  readonly changes: readonly JudgedChange[] | null;
}

/**
 * Brings an earlier version back, as a new one. Always possible: what is rolled back is an accident, so clients are told of
 * and not asked. What a department had published since is held, so that its next start does not bring it back.
 *
 * @throws CataloguedError NOT_FOUND for a version that is none; BAD_USER_INPUT for the one in force, and for one that is too
 * old to know its schemas; CONFLICT when the registry changed meanwhile.
 */
export async function rollBack(core: RegistryCore, request: RollbackRequest): Promise<RollbackResult> {
  return core.turn(async () => {
    const em = core.store.fork();
    const state = await core.read();
    const { current, publications } = state;
    const target = await em.findOne(supergraphVersions, request.number, { disableIdentityMap: true });
    if (target === null) throw new CataloguedError('NOT_FOUND', `there is no supergraph version ${request.number}`);
    if (target.number === current?.number) throw new CataloguedError('BAD_USER_INPUT', `version ${request.number} is in force`);

    const hashes = target.composedFrom.map(({ sdlHash }) => sdlHash);
    const texts = await em.find(publishedSdls, { hash: { $in: hashes } }, { disableIdentityMap: true });
    const sdls = new Map(texts.map(({ hash, content }) => [hash, content.sdl]));
    for (const { sdl, sdlHash } of publications) sdls.set(sdlHash, sdl);
    const rows = await em.find(departments, {}, { disableIdentityMap: true });

    const restored = target.composedFrom.map((part): AnyPublication => {
      const { kind, name, sdlHash } = part;
      const sdl = sdls.get(sdlHash);
      const row = rows.find(({ code }) => code === name);
      const today = publications.current({ kind, name }) ?? row;
      if (sdl === undefined || today === undefined) {
        throw new CataloguedError('BAD_USER_INPUT', `version ${request.number} is too old: what ${name} published for it was not kept`);
      }
      const { url, subscriptionUrl } = request.restoreAddresses ? part : today;
      const base = { name, url, subscriptionUrl, sdl, sdlHash };
      if (kind === 'platform') return { kind, ...base };
      return { kind, ...base, title: row?.name ?? name, affiliation: row?.affiliation as DepartmentPublication['affiliation'] };
    });
    const kept = new Set(restored.map(keyOf));
    const withdrawn = publications.departments.filter((one) => !kept.has(keyOf(one)));
    const changed = restored.filter((one) => {
      const now = publications.current(one);
      return now?.sdlHash !== one.sdlHash || now.url !== one.url || now.subscriptionUrl !== one.subscriptionUrl;
    });
    const held = new Map<string, string | null>();
    for (const one of changed) {
      const now = publications.current(one);
      if (one.kind === 'department' && now !== undefined && now.sdlHash !== one.sdlHash) held.set(one.name, now.sdlHash);
    }
    for (const { name, sdlHash } of withdrawn) held.set(name, sdlHash);
    const content = atAddresses(target.document, new Map(restored.map((one) => [one.name, one])));
    const changes = await judgedChanges(core, em, state, content);
    const { number, compositionKey } = target;
    try {
      const version = await core.save({
        state,
        publications: changed,
        withdrawn: withdrawn.map(({ name }) => name),
        held,
        next: { content, changes, restores: { number, compositionKey } },
        note: { by: request.by, reason: request.reason ?? `rolled back to version ${number}` },
      });
      return { version: version as SupergraphVersionRow, changes };
    } catch (error) {
      if (!(error instanceof RegistryMoved)) throw error;
      throw new CataloguedError('CONFLICT', 'the registry changed meanwhile; nothing was rolled back, look and try again');
    }
  });
}
