import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompositionSources, composeSupergraph, DEPARTMENTS_URL } from '../../schema/composition/compose.js';
import { CompositionFailed, type CompositionProblem } from '../../schema/composition/composition-failed.js';
import { ACCEPTANCE, CONTRACT_SDL, department, departmentSdl } from './department-fixture.js';

const CATALOG = { name: 'catalog', url: 'http://catalog.test/graphql', sdl: 'type Query { itemCount: Int }' };

function problemsOf(sources: Partial<CompositionSources>): readonly CompositionProblem[] {
  try {
    composeSupergraph({ platform: [ACCEPTANCE], departments: [], ...sources });
  } catch (error) {
    expect(error).toBeInstanceOf(CompositionFailed);
    if (error instanceof CompositionFailed) {
      expect(error.code).toBe('COMPOSITION_FAILED');
      for (const { message } of error.problems) expect(error.message).toContain(message);
      return error.problems;
    }
  }
  return [];
}

test('departments are routes, and only those with additions are subgraphs', () => {
  const { sdl, departments, hints } = composeSupergraph({
    platform: [ACCEPTANCE, CATALOG],
    departments: [department('transport'), department('drug', CONTRACT_SDL)],
  });
  expect(departments).toEqual([
    { code: 'drug', url: 'http://drug.test/graphql', subscriptionUrl: 'ws://drug.test/graphql', extension: false },
    { code: 'transport', url: 'http://transport.test/graphql', subscriptionUrl: 'ws://transport.test/graphql', extension: true },
  ]);
  const graphs = [...sdl.matchAll(/@join__graph\(name: "([^"]+)", url: "([^"]+)"\)/g)].map(([, name, url]) => `${name} ${url}`);
  expect(graphs).toEqual([
    'acceptance http://acceptance.test/graphql',
    'catalog http://catalog.test/graphql',
    `departments ${DEPARTMENTS_URL}`,
    'transport http://transport.test/graphql',
  ]);
  expect(hints).toEqual([]);
});

test('the order of sources makes no difference to a byte', () => {
  const platform = [ACCEPTANCE, CATALOG];
  const departments = ['transport', 'drug', 'human-resources', 'a-1'].map((code) => department(code));
  const expected = JSON.stringify(composeSupergraph({ platform, departments }));
  const orderOf = <T>(all: T[]) => fc.shuffledSubarray(all, { minLength: all.length });
  fc.assert(
    fc.property(orderOf(platform), orderOf(departments), (platform, departments) => {
      expect(JSON.stringify(composeSupergraph({ platform, departments }))).toBe(expected);
    }),
    { numRuns: 8 },
  );
});

test('the version changes with the schema and with every route', () => {
  const version = (...departments: CompositionSources['departments']) => composeSupergraph({ platform: [ACCEPTANCE], departments }).version;
  const drug = department('drug', CONTRACT_SDL);
  const versions = [
    version(),
    version(drug),
    version({ ...drug, url: 'http://other.test/graphql' }),
    version({ ...drug, subscriptionUrl: 'ws://other.test/graphql' }),
    version(department('drug')),
    version(drug, department('transport', CONTRACT_SDL)),
  ];
  expect(new Set(versions).size).toBe(versions.length);
  expect(version(drug)).toBe(version({ ...drug }));
  expect(version(drug)).toMatch(/^[0-9a-f]{16}$/);
});

test('departments that add nothing leave the schema as it is, however many they are', () => {
  const sdl = (count: number) =>
    composeSupergraph({ platform: [ACCEPTANCE], departments: Array.from({ length: count }, (_, n) => department(`d${n}`, CONTRACT_SDL)) })
      .sdl;
  expect(sdl(12)).toBe(sdl(0));
});

test('the platform may answer with the contract’s value types', () => {
  const ledger = {
    ...CATALOG,
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
      type Query { lastDelivery: Delivery }
      type Delivery @shareable { channel: DeliveryChannel! deliveredAt: DateTime! trackingNumber: String }
      enum DeliveryChannel { ISSUING_WINDOW COURIER ELECTRONIC }
      scalar DateTime`,
  };
  expect(composeSupergraph({ platform: [ACCEPTANCE, ledger], departments: [] }).sdl).toContain(
    'lastDelivery: Delivery @join__field(graph: CATALOG)',
  );
});

test('fifty departments compose', () => {
  const departments = Array.from({ length: 50 }, (_, n) => department(`department-${n}`));
  const start = performance.now();
  const { sdl } = composeSupergraph({ platform: [ACCEPTANCE], departments });
  console.log(`50 departments with extensions composed in ${Math.round(performance.now() - start)} ms, ${sdl.length} characters`);
  expect(sdl).toContain('department49Route: Department49Route @join__field(graph: DEPARTMENT_49_)');
});

describe('what does not compose', () => {
  test('a department that does not conform, with its line', () => {
    const sdl = departmentSdl('drug').replace('steps: [CaseStep!]', 'steps: [String!]');
    expect(problemsOf({ departments: [department('drug', sdl), department('transport')] })).toEqual([
      { department: 'drug', message: expect.stringMatching(/^Case\.steps has to be .+\(line \d+, column \d+\)$/) },
    ]);
  });

  test('the same type in two departments', () => {
    const drug = `${CONTRACT_SDL} type DrugSafetyReport { id: ID! } extend type Case { drugSafetyReport: DrugSafetyReport }`;
    const safety = `${CONTRACT_SDL} type DrugSafetyReport { text: String } extend type Case { drugSafetyReport: DrugSafetyReport }`;
    const problems = problemsOf({ departments: [department('drug', drug), department('drug-safety', safety)] });
    expect(problems).toEqual(
      ['Case.drugSafetyReport', 'DrugSafetyReport'].flatMap((member) => [
        { department: 'drug', message: `${member} is defined by department drug-safety too. Choose another name.` },
        { department: 'drug-safety', message: `${member} is defined by department drug too. Choose another name.` },
      ]),
    );
  });

  test('a type or field the platform has already', () => {
    const platform = { ...CATALOG, sdl: 'type Query { drugList: DrugList } type DrugList { id: ID! }' };
    const sdl = `${CONTRACT_SDL} type DrugList { id: ID! } extend type Query { drugList: DrugList }`;
    expect(problemsOf({ platform: [ACCEPTANCE, platform], departments: [department('drug', sdl)] })).toEqual([
      { department: 'drug', message: 'DrugList is defined by platform subgraph catalog too. Choose another name.' },
      { department: 'drug', message: 'Query.drugList is defined by platform subgraph catalog too. Choose another name.' },
    ]);
  });

  test('a name that is taken', () => {
    expect(problemsOf({ departments: [department('acceptance')] })).toEqual([
      { department: 'acceptance', message: expect.stringContaining('platform subgraph') },
    ]);
    expect(problemsOf({ departments: [department('departments')] })).toEqual([{ department: 'departments', message: expect.any(String) }]);
    expect(problemsOf({ departments: [department('drug'), department('drug')] })).toEqual([
      { department: 'drug', message: expect.any(String) },
    ]);
    expect(problemsOf({ platform: [CATALOG, CATALOG] })).toEqual([{ message: '"catalog" already names a platform subgraph.' }]);
  });

  test('a platform subgraph that can’t be read, or is not valid', () => {
    expect(problemsOf({ platform: [ACCEPTANCE, { ...CATALOG, sdl: 'type Query {' }] })).toEqual([
      { message: expect.stringMatching(/^catalog: .+Syntax Error/) },
    ]);
    expect(problemsOf({ platform: [ACCEPTANCE, { ...CATALOG, sdl: 'type Query { a: Nowhere }' }] })).toEqual([
      { message: expect.stringMatching(/^catalog: .+Nowhere/) },
    ]);
  });

  test('an external field that nobody owns is told to the department', () => {
    const sdl = `${CONTRACT_SDL} extend type Case { weight: Int @federation__external drugDose: Int @federation__requires(fields: "weight") }`;
    const problems = problemsOf({ departments: [department('drug', sdl)] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ department: 'drug', message: expect.stringContaining('Case.weight') });
  });

  test('no public query at all', () => {
    expect(problemsOf({ platform: [] })).toEqual([{ message: expect.stringContaining('Query') }]);
  });
});
