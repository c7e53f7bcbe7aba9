import type { SqlEntityManager } from '@mikro-orm/sql';
import { CompositionFailed } from '../../../../schema/composition/composition-failed.js';
import type { Store } from '../../../kit/store/open-store.js';
import type { Composer } from '../composing/composer.js';
import { sourceOf, supergraphOf } from '../composing/composition.js';
import type { AnyPublication, DepartmentPublication, Publications } from '../publications.js';
import type { RegistryState } from '../registry-state.js';
import type { SupergraphContent } from '../subgraph-urls.js';
import { supergraphVersions } from '../tables.js';
import type { FieldUse } from '../usage/field-use.js';
import { type JudgedChange, judgeChanges } from './judge-changes.js';
import {
  PublicationCheckKind as Kind,
  PublicationCheckOutcome as Outcome,
  type PublicationCheck,
  type PublicationProblem,
} from './publication-check.js';

/** What a schema came to, before its endpoint is asked. */
export interface Assessment {
  readonly checks: readonly PublicationCheck[];
  /** What clients would notice; null when there is no graph to compare with, or none came out. */
  readonly changes: readonly JudgedChange[] | null;
  /** The graph it would make; absent when a check failed, or while the platform is not complete. */
  readonly next: SupergraphContent | undefined;
  /** The breaking changes in use that an override lets through. */
  readonly overridden: readonly JudgedChange[];
}

export interface Assessor {
  readonly store: Store;
  readonly composer: Composer;
  /** The platform subgraphs that still have to register before there is a graph. */
  readonly missing: (publications: Publications) => readonly string[];
  /** The platform's own subgraph to try departments with until then. */
  readonly registry: string;
  /** Uses before this do not count. */
  readonly usedSince: () => Date;
}

/** Checks a department's schema: contract, composition with everybody else, clients. Changes nothing. */
export async function assess(
  assessor: Assessor,
  state: RegistryState,
  change: DepartmentPublication,
  override: boolean,
): Promise<Assessment> {
  const passed: PublicationCheck[] = [];
  const failed = (kind: Kind, problems: readonly PublicationProblem[], changes: readonly JudgedChange[] | null = null): Assessment => {
    const order = [Kind.CONTRACT, Kind.COMPOSITION, Kind.CLIENTS];
    const notRun = order.slice(order.indexOf(kind) + 1).map((one) => ({ kind: one, outcome: Outcome.NOT_RUN, problems: [] }));
    return { checks: [...passed, { kind, outcome: Outcome.FAILED, problems }, ...notRun], changes, next: undefined, overridden: [] };
  };

  const faults = await assessor.composer.conformance({ code: change.name, sdl: change.sdl });
  if (faults.length > 0) return failed(Kind.CONTRACT, faults);
  passed.push({ kind: Kind.CONTRACT, outcome: Outcome.PASSED, problems: [] });

  const em = assessor.store.fork();
  const composed = await compose(assessor, em, state, change);
  if ('problems' in composed) return failed(Kind.COMPOSITION, composed.problems);
  passed.push({ kind: Kind.COMPOSITION, outcome: Outcome.PASSED, problems: [] });

  const { next } = composed;
  const changes = next === undefined ? null : await judgedChanges(assessor, em, state, next);
  const breaking = (changes ?? []).filter(({ usedBy }) => usedBy.length > 0);
  const problems = breaking.map(inUse);
  if (breaking.length > 0 && !override) return failed(Kind.CLIENTS, problems, changes);
  const outcome = changes === null ? Outcome.NOT_RUN : breaking.length > 0 ? Outcome.OVERRIDDEN : Outcome.PASSED;
  return { checks: [...passed, { kind: Kind.CLIENTS, outcome, problems }], changes, next, overridden: breaking };
}

/** What clients would notice of `next`, and who; null when there is no graph yet. */
export async function judgedChanges(
  { composer, usedSince }: Assessor,
  em: SqlEntityManager,
  { current }: RegistryState,
  next: SupergraphContent,
): Promise<JudgedChange[] | null> {
  if (current === undefined) return null;
  const { document } = await em.findOneOrFail(supergraphVersions, current.number, { fields: ['document'], disableIdentityMap: true });
  const changes = await composer.changes(document.sdl, next.sdl);
  return judgeChanges(em, changes, usedSince());
}

async function compose(
  { missing, registry, composer }: Assessor,
  em: SqlEntityManager,
  { publications }: RegistryState,
  change: DepartmentPublication,
): Promise<{ next: SupergraphContent | undefined } | { problems: PublicationProblem[] }> {
  const after = publications.with([change]);
  try {
    if (missing(after).length === 0) return { next: await supergraphOf(after, em, composer) };
    await tryDepartments(composer, after, registry);
    return { next: undefined };
  } catch (error) {
    if (!(error instanceof CompositionFailed)) throw error;
    // what the department can mend comes first; the rest says who is on the other side of it
    const own = error.problems.filter(({ department }) => department === change.name);
    const others = error.problems.filter(({ department }) => department !== change.name);
    return {
      problems: [...own, ...others].map(({ department, message }) => ({
        code: 'COMPOSITION_FAILED',
        message: department === undefined || department === change.name ? message : `${department}: ${message}`,
        ...(department !== undefined && { department }),
      })),
    };
  }
}

/**
 * Before the platform is complete there is nothing to compose with, but departments that contradict each other are told
 * at once: taken, they would keep the platform from ever being complete.
 */
async function tryDepartments(composer: Composer, after: Publications, registry: string): Promise<void> {
  const own = after.platform.filter(({ name }: AnyPublication) => name === registry);
  if (own.length > 0) await composer.compose({ platform: own, departments: after.departments.map(sourceOf) });
}

const TOLD = 5;

function inUse({ message, coordinate, usedBy }: JudgedChange): PublicationProblem {
  const told = usedBy.slice(0, TOLD).map(useInWords).join('; ');
  const more = usedBy.length > TOLD ? ` and ${usedBy.length - TOLD} more` : '';
  return {
    code: 'BREAKING_CHANGE_IN_USE',
    message: `${message}, but it is in use by ${told}${more}.`,
    ...(coordinate !== null && { member: coordinate }),
    remedy: 'Keep it (mark it @deprecated) until those clients have moved, or publish with an override that says why.',
  };
}

function useInWords({ operation, operationHash, client, count, lastSeen }: FieldUse): string {
  const name = operation === '' ? `an operation without a name (${operationHash.slice(0, 8)})` : operation;
  return `${name} of client ${client} (${count} times, last ${lastSeen.toISOString()})`;
}
