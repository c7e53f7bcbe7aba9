import { CompositionFailed } from '../../../schema/composition/composition-failed.js';
import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import { supergraphOf } from './composing/composition.js';
import {
  type AnyPublication,
  type DepartmentPublication,
  type PlatformPublication,
  samePublication,
  samePublished,
} from './publications.js';
import { assess, judgedChanges } from './publishing/assess.js';
import { PublicationCheckKind, PublicationCheckOutcome, type PublicationProblem } from './publishing/publication-check.js';
import { endpointRefusal, refusalOf } from './publishing/refusal.js';
import type { RegistryCore } from './registry-core.js';
import { isInForce, type RegistryState } from './registry-state.js';
import { versionOf } from './subgraph-urls.js';

/**
 * Takes registrations: what a subgraph says of itself when it starts. The same again changes nothing, the same at another
 * address is taken as it comes, and another schema goes through every check that a publication does; or it is refused
 * and everything stays as it was.
 */
export class Registrar {
  readonly #core: RegistryCore;
  /** Platform publications that did not compose with the others' current ones; see {@link Registrar.#takeTogether}. */
  readonly #refused = new Map<string, PlatformPublication>();

  constructor(core: RegistryCore) {
    this.#core = core;
  }

  /**
   * @returns the version of the supergraph then in force; null while platform subgraphs are missing.
   * @throws CataloguedError CONTRACT_VIOLATION, COMPOSITION_FAILED, BREAKING_CHANGE_IN_USE, ENDPOINT_UNREACHABLE or
   * ENDPOINT_CHECK_FAILED with `extensions.problems`; CONFLICT when other instances kept changing the registry.
   */
  async register(publication: AnyPublication, by: string): Promise<string | null> {
    const core = this.#core;
    if (publication.kind === 'platform') return core.turn(() => this.#takePlatform(publication, by));
    // whoever breaks the contract is told that, and not that its endpoint, which serves the same, does
    const state = await core.read();
    const faulty = (await this.#contract(state, publication)) ?? (await this.#askEndpoint(state, publication));
    if (faulty !== undefined) throw faulty;
    return core.turn(() => core.again(() => this.#takeDepartment(publication, by)));
  }

  /** A department that is in force with this schema, or whose schema a rollback took out of force, starts again. */
  #isRestart({ publications, held }: RegistryState, change: DepartmentPublication): boolean {
    return publications.current(change)?.sdlHash === change.sdlHash || held.get(change.name) === change.sdlHash;
  }

  async #contract(state: RegistryState, change: DepartmentPublication): Promise<CataloguedError | undefined> {
    if (this.#isRestart(state, change)) return undefined;
    const problems = await this.#core.composer.conformance({ code: change.name, sdl: change.sdl });
    if (problems.length === 0) return undefined;
    return refusalOf(change.name, [{ kind: PublicationCheckKind.CONTRACT, outcome: PublicationCheckOutcome.FAILED, problems }]);
  }

  async #askEndpoint({ publications, held }: RegistryState, change: DepartmentPublication): Promise<CataloguedError | undefined> {
    const { endpoints } = this.#core.options;
    const before = publications.current(change);
    const target = { code: change.name, url: change.url, subscriptionUrl: change.subscriptionUrl, sdl: change.sdl };
    let problems: readonly PublicationProblem[] = [];
    if (before?.sdlHash !== change.sdlHash && held.get(change.name) !== change.sdlHash) problems = await endpoints.check(target);
    else if (!samePublished(before, change)) problems = await endpoints.identify(target);
    return problems.length > 0 ? endpointRefusal(change.name, problems) : undefined;
  }

  async #takeDepartment(given: DepartmentPublication, by: string): Promise<string | null> {
    const core = this.#core;
    const state = await core.read();
    const { current, publications, held } = state;
    const before = publications.current(given);
    const wasRolledBack = held.get(given.name) === given.sdlHash;
    if (wasRolledBack && before === undefined)
      throw new CataloguedError(
        'PUBLICATION_ROLLED_BACK',
        `${given.name} was taken out of the graph by a rollback; publish it if it is to come back`,
      );
    const isHeld = wasRolledBack && before !== undefined;
    if (isHeld) {
      core.options.log.warn({ department: given.name }, 'it started with a schema that was rolled back; the graph keeps the one in force');
    }
    const change = isHeld ? { ...given, sdl: before.sdl, sdlHash: before.sdlHash } : given;
    if (before?.sdlHash === change.sdlHash) return this.#takeUnchecked(state, [change], by);
    const { checks, changes, next } = await assess(core, state, change, false);
    const refusal = refusalOf(change.name, checks);
    if (refusal !== undefined) throw refusal;
    await core.save({
      state,
      publications: [change],
      next: next && { content: next, changes },
      note: { by, reason: 'it registered when it started' },
    });
    return next ? versionOf(next) : (current?.version ?? null);
  }

  async #takePlatform(publication: PlatformPublication, by: string): Promise<string | null> {
    const core = this.#core;
    try {
      const version = await core.again(async () => this.#takeUnchecked(await core.read(), [publication], by));
      this.#refused.delete(publication.name);
      return version;
    } catch (error) {
      if (!(error instanceof CompositionFailed)) throw error;
      return await this.#takeTogether(publication, by, error);
    }
  }

  /**
   * A new release may change several platform subgraphs that compose with each other only. They register one by one,
   * so those that were refused are tried again beside the next one.
   */
  async #takeTogether(publication: PlatformPublication, by: string, alone: CompositionFailed): Promise<string | null> {
    const core = this.#core;
    this.#refused.delete(publication.name);
    const waiting = [...this.#refused.values()];
    this.#refused.set(publication.name, publication);
    if (waiting.length > 0) {
      try {
        const version = await core.again(async () => this.#takeUnchecked(await core.read(), [...waiting, publication], by));
        this.#refused.clear();
        core.options.log.info({ subgraphs: waiting.map(({ name }) => name), with: publication.name }, 'taken after all, together');
        return version;
      } catch (error) {
        if (!(error instanceof CompositionFailed)) throw error;
      }
    }
    throw new CataloguedError('COMPOSITION_FAILED', 'the subgraphs would not compose; nothing was changed', { problems: alone.problems });
  }

  /** Stores what needs no check but to compose. @throws CompositionFailed */
  async #takeUnchecked(state: RegistryState, given: readonly AnyPublication[], by: string): Promise<string | null> {
    const core = this.#core;
    const em = core.store.fork();
    const { current, publications } = state;
    const changes = given.filter((one) => !samePublication(publications.current(one), one));
    const after = publications.with(changes);
    const next = core.missing(after).length === 0 && !isInForce(current, after) ? await supergraphOf(after, em, core.composer) : undefined;
    if (changes.length === 0 && next === undefined) return current?.version ?? null;
    await core.save({
      state,
      publications: changes,
      next: next && { content: next, changes: await judgedChanges(core, em, state, next) },
      note: { by, reason: 'it registered when it started' },
    });
    return next ? versionOf(next) : (current?.version ?? null);
  }
}
