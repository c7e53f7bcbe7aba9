import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { SubgraphCallFailed } from '../../../kit/server/call-subgraph.js';
import { type DepartmentPublication, hashOf, samePublication } from '../publications.js';
import type { RegistryCore } from '../registry-core.js';
import { isInForce, RegistryMoved, type RegistryState } from '../registry-state.js';
import type { SupergraphVersionRow } from '../tables.js';
import { assess } from './assess.js';
import type { JudgedChange } from './judge-changes.js';
import {
  PublicationCheckKind as Kind,
  PublicationCheckOutcome as Outcome,
  type PublicationCheck,
  type PublicationProblem,
} from './publication-check.js';
import { PublicationOutcome } from './publication-outcome.js';

export interface PublishRequest {
  /** Complete but for the SDL, which is then read from the endpoint. */
  readonly department: Omit<DepartmentPublication, 'sdl' | 'sdlHash'>;
  readonly sdl: string | undefined;
  readonly by: string;
  readonly reason: string | null;
  /** Why what clients use is taken away all the same. */
  readonly overrideReason: string | null;
  /** The version one checked against. */
  readonly baseVersion: string | null;
  readonly dryRun: boolean;
}

export interface PublishResult {
  readonly outcome: PublicationOutcome;
  readonly checks: readonly PublicationCheck[];
  /** What clients would notice; null when there is nothing to compare with. */
  readonly changes: readonly JudgedChange[] | null;
  /** The version in force when it was checked. */
  readonly baseVersion: string | null;
  /** The version that came into force with it. */
  readonly next: SupergraphVersionRow | undefined;
}

/** Publishes a department: every check, then all of it or nothing. */
export class Publisher {
  readonly #core: RegistryCore;

  constructor(core: RegistryCore) {
    this.#core = core;
  }

  /**
   * Resolves for a publication that is refused, too. Checks and swap are of one state of the registry: of two publications
   * at once, one wins.
   * @throws CataloguedError CONFLICT when the graph is not the one that was checked against; check again.
   */
  async publish(request: PublishRequest): Promise<PublishResult> {
    const core = this.#core;
    const state = await core.read();
    const base = state.current?.version ?? null;
    if (request.baseVersion !== null && request.baseVersion !== base) throw moved(base);
    const read = await this.#schemaOf(request);
    if (typeof read !== 'string')
      return { outcome: PublicationOutcome.REFUSED, checks: read, changes: null, baseVersion: base, next: undefined };
    const change: DepartmentPublication = { ...request.department, sdl: read, sdlHash: hashOf(read) };
    const assessment = await assess(core, state, change, request.overrideReason !== null);
    const sound = assessment.checks.every(({ outcome }) => outcome !== Outcome.FAILED);
    const endpoint = sound || request.dryRun ? await this.#endpointCheck(change) : notRun(Kind.ENDPOINT);
    const checks = [...assessment.checks, endpoint];
    const result = { checks, changes: assessment.changes, baseVersion: base, next: undefined };
    if (checks.some(({ outcome }) => outcome === Outcome.FAILED)) return { ...result, outcome: PublicationOutcome.REFUSED };
    if (request.dryRun) return { ...result, outcome: PublicationOutcome.WOULD_PUBLISH };

    const after = state.publications.with([change]);
    const next = assessment.next !== undefined && !isInForce(state.current, after) ? assessment.next : undefined;
    if (next === undefined && samePublication(state.publications.current(change), change)) {
      return { ...result, outcome: PublicationOutcome.UNCHANGED };
    }
    const { by, reason, overrideReason } = request;
    const { overridden } = assessment;
    const taken = await this.#swap(state, {
      publications: [change],
      held: new Map([[change.name, null]]),
      next: next && { content: next, changes: assessment.changes },
      note: {
        by,
        reason,
        ...(overrideReason !== null && overridden.length > 0 && { override: { reason: overrideReason, changes: overridden } }),
      },
    });
    return { ...result, outcome: PublicationOutcome.PUBLISHED, next: taken };
  }

  async #swap(state: RegistryState, change: Omit<Parameters<RegistryCore['save']>[0], 'state'>): Promise<SupergraphVersionRow | undefined> {
    const core = this.#core;
    try {
      return await core.turn(() => core.save({ state, ...change }));
    } catch (error) {
      if (!(error instanceof RegistryMoved)) throw error;
      throw moved((await core.read()).current?.version ?? null);
    }
  }

  /** The SDL, or the checks of a publication whose endpoint does not even tell it. */
  async #schemaOf({ sdl, department: { name, url } }: PublishRequest): Promise<string | PublicationCheck[]> {
    if (sdl !== undefined) return sdl;
    try {
      return await this.#core.options.endpoints.sdlOf({ code: name, url });
    } catch (error) {
      if (!(error instanceof SubgraphCallFailed)) throw error;
      const problem: PublicationProblem = {
        code: 'ENDPOINT_UNREACHABLE',
        message: `The endpoint does not answer \`{ _service { sdl } }\`: ${error.message}.`,
        remedy: 'Start it, and give the address under which the platform reaches it.',
      };
      const rest = [Kind.CONTRACT, Kind.COMPOSITION, Kind.CLIENTS].map(notRun);
      return [...rest, { kind: Kind.ENDPOINT, outcome: Outcome.FAILED, problems: [problem] }];
    }
  }

  async #endpointCheck({ name, url, subscriptionUrl, sdl }: DepartmentPublication): Promise<PublicationCheck> {
    const problems = await this.#core.options.endpoints.check({ code: name, url, subscriptionUrl, sdl });
    return { kind: Kind.ENDPOINT, outcome: problems.length > 0 ? Outcome.FAILED : Outcome.PASSED, problems };
  }
}

function notRun(kind: Kind): PublicationCheck {
  return { kind, outcome: Outcome.NOT_RUN, problems: [] };
}

function moved(current: string | null): CataloguedError {
  return new CataloguedError(
    'CONFLICT',
    `the graph in force is ${current ?? 'none'} by now and not the one this was checked against; nothing was changed, check again`,
    { currentVersion: current },
  );
}
