import { createHash } from 'node:crypto';
import { type DocumentNode, parse } from 'graphql';
import { collisions, type NamedSchema } from './collisions.js';
import { CompositionFailed, type CompositionProblem } from './composition-failed.js';
import { checkConformance } from './conformance.js';
import { DEPARTMENTS_SUBGRAPH } from './contract.js';
import { departmentsSubgraph } from './departments-subgraph.js';
import { extensionOf } from './extension.js';
import { composeFederation } from './federation-composition.js';
import { publishedSchema } from './published-schema.js';
import { readDocument } from './sdl-document.js';
import type { DepartmentRoute, SupergraphDocument } from './supergraph-document.js';

/** A subgraph of the platform itself. */
export interface PlatformSubgraph {
  name: string;
  url: string;
  sdl: string;
}

/** A department and what it publishes. */
export interface DepartmentSubgraph {
  code: string;
  url: string;
  /** ws:// or wss:// */
  subscriptionUrl: string;
  /** Its whole subgraph SDL, as `_service { sdl }` answers it. */
  sdl: string;
}

export interface CompositionSources {
  platform: readonly PlatformSubgraph[];
  departments: readonly DepartmentSubgraph[];
}

export interface ComposedSupergraph extends SupergraphDocument {
  /** What composition remarks without refusing, sorted. */
  hints: string[];
}

/** The URL that `departments` has in the supergraph. Nobody serves it: the gateway asks the departments' own URLs. */
export const DEPARTMENTS_URL = 'http://departments.acceptance.internal/graphql';

/**
 * Composes the supergraph: the contract as one logical subgraph, the platform's subgraphs, and every department's extension.
 * The order of the sources makes no difference to a single byte of the result.
 *
 * @throws CompositionFailed with every problem found; nothing else.
 */
export function composeSupergraph({ platform, departments }: CompositionSources): ComposedSupergraph {
  const sortedPlatform = platform.toSorted((a, b) => compareText(a.name, b.name));
  const sortedDepartments = departments.toSorted((a, b) => compareText(a.code, b.code));
  failIf(nameProblems(sortedPlatform, sortedDepartments));
  failIf(sortedDepartments.flatMap(conformanceProblems));

  const read = sortedPlatform.map((subgraph) => ({ subgraph, ...readPlatform(subgraph) }));
  failIf(read.flatMap(({ problems }) => problems ?? []));
  const own = read.flatMap(({ subgraph: { name, url }, document }) => (document ? [{ name, url, department: false, document }] : []));
  const extensions = sortedDepartments.flatMap((department) => {
    const sdl = extensionOf(department);
    return sdl === undefined ? [] : [{ name: department.code, url: department.url, department: true, document: parse(sdl) }];
  });
  const beside = [...own, ...extensions].map((subgraph) => ({ ...subgraph, schema: publishedSchema(subgraph.document) }));
  failIf([...collisions(beside), ...rootProblems(beside)]);

  const { sdl, hints } = composeFederation(
    [
      {
        name: DEPARTMENTS_SUBGRAPH,
        url: DEPARTMENTS_URL,
        typeDefs: departmentsSubgraph({ subscriptions: hasFields(beside, 'Subscription') }),
      },
      ...beside.map(({ name, url, document }) => ({ name, url, typeDefs: document })),
    ],
    new Set(sortedDepartments.map(({ code }) => code)),
  );
  const extended = new Set(extensions.map(({ name }) => name));
  const routes = sortedDepartments.map(
    ({ code, url, subscriptionUrl }): DepartmentRoute => ({ code, url, subscriptionUrl, extension: extended.has(code) }),
  );
  return { version: versionOf(sdl, routes), sdl, departments: routes, hints };
}

function nameProblems(platform: readonly PlatformSubgraph[], departments: readonly DepartmentSubgraph[]): CompositionProblem[] {
  const taken = new Map([[DEPARTMENTS_SUBGRAPH, 'the departments together']]);
  const problems: CompositionProblem[] = [];
  const take = (name: string, owner: string, department?: string) => {
    const other = taken.get(name);
    if (other !== undefined)
      problems.push({ ...(department === undefined ? {} : { department }), message: `"${name}" already names ${other}.` });
    taken.set(name, owner);
  };
  for (const { name } of platform) take(name, 'a platform subgraph');
  for (const { code } of departments) take(code, 'another department', code);
  return problems;
}

/** SDLs, by department, that were found to conform; most compositions change one department of many. */
const conforming = new Map<string, string>();
const REMEMBERED = 256;

function conformanceProblems(department: DepartmentSubgraph): CompositionProblem[] {
  if (conforming.get(department.code) === department.sdl) return [];
  const problems = checkConformance(department);
  if (problems.length === 0) {
    if (conforming.size >= REMEMBERED) conforming.clear();
    conforming.set(department.code, department.sdl);
  }
  return problems.map(({ message, line, column }) => ({
    department: department.code,
    message: line === undefined ? message : `${message} (line ${line}, column ${column})`,
  }));
}

function readPlatform({ name, sdl }: PlatformSubgraph): { document?: DocumentNode; problems?: CompositionProblem[] } {
  const { document, problems } = readDocument(sdl);
  return document ? { document } : { problems: problems.map(({ message }) => ({ message: `${name}: ${message}` })) };
}

function rootProblems(beside: readonly NamedSchema[]): CompositionProblem[] {
  if (hasFields(beside, 'Query')) return [];
  return [
    { message: 'No subgraph has a public Query field: the contract has internal ones only. Compose it with the platform subgraphs.' },
  ];
}

function hasFields(beside: readonly NamedSchema[], root: string): boolean {
  return beside.some(({ schema: { types, links } }) =>
    [...(types.get(root)?.fields.values() ?? [])].some(
      (field) => !field.directives?.some((directive) => links.meaning(directive.name.value) === 'inaccessible'),
    ),
  );
}

function versionOf(sdl: string, routes: readonly DepartmentRoute[]): string {
  return createHash('sha256')
    .update(JSON.stringify([sdl, routes]))
    .digest('hex')
    .slice(0, 16);
}

function failIf(problems: readonly CompositionProblem[]): void {
  if (problems.length > 0) throw new CompositionFailed(problems);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
