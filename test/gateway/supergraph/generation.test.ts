import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { SubgraphFetcher } from '../../../gateway/execution/subgraph-fetch.js';
import { Generation } from '../../../gateway/supergraph/generation.js';
import { GenerationBuildError } from '../../../gateway/supergraph/generation-build-error.js';
import type { DepartmentRoute } from '../../../schema/composition/supergraph-document.js';
import { composeSdl } from '../execution/in-process-graph.js';
import { DepartmentsGraph } from '../partition/departments-graph.js';

const plain = (value: unknown): any => JSON.parse(JSON.stringify(value));
const route = (code: string, extension = false): DepartmentRoute => ({
  code,
  url: `http://${code}.test`,
  subscriptionUrl: `ws://${code}.test`,
  extension,
});

function problemsOf(sdl: string, departments: DepartmentRoute[] = []): readonly string[] {
  try {
    Generation.build({ version: '7', sdl, departments });
  } catch (error) {
    if (error instanceof GenerationBuildError) return error.problems;
    throw error;
  }
  return [];
}

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://acceptance.gov/partition/v1.0", import: ["@partition"])
  @composeDirective(name: "@partition")
directive @partition(by: String!) on OBJECT | FIELD_DEFINITION`;

describe('a generation', () => {
  it('is refused with every problem its document has', () => {
    const sdl = composeSdl([
      {
        name: 'departments',
        sdl: `${HEAD}
          type Query { lost: Int found(d: ID!): Int @partition(by: "d") wrong: Int @partition(by: "d") }
          type A @key(fields: "id") { id: ID! a: Int }
          type B @key(fields: "id") @partition(by: "d") { id: ID! d: ID! }
          type C @key(fields: "id d") @key(fields: "o { d }") @partition(by: "d") { id: ID! d: ID! o: O }
          type O { d: ID! }`,
      },
    ]);
    const problems = problemsOf(sdl, [route('x'), route('x'), route('y', true)]);
    const about = [
      '"x" has two routes',
      '"y" should have an extension',
      'type A of',
      '@key(fields: "id") of type B lacks d',
      '@key(fields: "o { d }") of type C lacks d',
      'Query.lost',
      'Query.wrong has no argument d',
    ];
    expect(problems).toHaveLength(about.length);
    for (const text of about)
      expect(
        problems.some((problem) => problem.includes(text)),
        text,
      ).toBe(true);
  });

  it('is refused when its SDL is none, or no supergraph', () => {
    expect(problemsOf('type {')[0]).toContain('Syntax Error');
    expect(problemsOf('type Query { a: Int }')).toHaveLength(1);
  });

  it('may call a subgraph departments without a partition', async () => {
    const sdl = composeSdl([{ name: 'departments', sdl: 'type Query { a: Int }' }]);
    const generation = Generation.build({ version: '1', sdl, departments: [] });
    const targets: unknown[] = [];
    await generation.execute({
      document: parse('{ a }'),
      context: undefined,
      fetcher: ({ target }) => {
        targets.push(target);
        return Promise.resolve({ data: { a: 1 } });
      },
    });
    expect(targets).toEqual([{ subgraph: 'departments' }]);
  });

  it('passes the context through, and knows its subgraphs', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    const fetcher: SubgraphFetcher<{ who: string }> = (_, { who }) => Promise.resolve({ data: { drugNotices: [who] } });
    expect(await graph.generation.execute({ document: parse('{ drugNotices }'), context: { who: 'me' }, fetcher })).toEqual({
      data: { drugNotices: ['me'] },
    });
    expect(graph.generation.subgraphs.map(({ name }) => name).sort()).toEqual(['acceptance', 'departments', 'drug']);
    expect(graph.generation.version).toBe('1');
  });

  it('answers no subscription as a query', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    expect(plain(await graph.run('subscription { caseChanged { number } }')).errors[0].extensions.code).toBe('BAD_REQUEST');
  });
});

describe('a subscription', () => {
  it('streams from one subgraph and completes each event from the others', async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    const document = parse(
      'subscription S($show: Boolean = true) { changed: caseChanged { number receivedAt samples @include(if: $show) item { guide { fee } } } }',
    );
    const { primary, asksMore, complete } = await graph.generation.planSubscription({ document });
    expect(primary.after(undefined)).toMatchObject({ target: { subgraph: 'acceptance' }, kind: 'subscription' });
    expect(asksMore).toBe(true);

    const event = (number: string, departmentCode: string) => ({
      data: { changed: { __typename: 'Case', number, departmentCode, item: { __typename: 'ServiceItem', code: 'i0', departmentCode } } },
    });
    const results = await Promise.all([
      complete(event('1', 'drug'), undefined, graph.fetcher),
      complete(event('2', 'housing'), undefined, graph.fetcher),
    ]);
    expect(plain(results)).toEqual([
      { data: { changed: { number: '1', receivedAt: '2026-03-02T01:00:00.000Z', samples: ['1 a'], item: { guide: { fee: 'none' } } } } },
      { data: { changed: { number: '2', receivedAt: '2026-03-02T01:00:00.000Z', samples: null, item: { guide: { fee: 'none' } } } } },
    ]);
    expect(
      graph
        .sentTo('departments/')
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['departments/drug', 'departments/housing']);
  });

  it("tells an event's errors, and shapes what it brings", async () => {
    const graph = new DepartmentsGraph({ cases: [] });
    const { asksMore, complete } = await graph.generation.planSubscription({
      document: parse('subscription { caseChanged { title kind: __typename } }'),
    });
    expect(asksMore).toBe(false);
    const result = await complete(
      { data: { caseChanged: { title: null, extra: 1 } }, errors: [{ message: 'no title', path: ['caseChanged', 'title'] }] },
      undefined,
      graph.fetcher,
    );
    expect(plain(result)).toEqual({
      data: { caseChanged: { title: null, kind: 'Case' } },
      errors: [
        { message: 'no title', path: ['caseChanged', 'title'], extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', service: 'acceptance' } },
      ],
    });
    expect(graph.sent).toEqual([]);
  });

  it('goes to the department its argument names', async () => {
    const graph = new DepartmentsGraph({ cases: [], open: true });
    const document = parse('subscription ($d: ID!) { caseEvents(departmentCode: $d) { id } }');
    const { primary } = await graph.generation.planSubscription({ document, variables: { d: 'housing' } });
    expect(primary.after(undefined)).toMatchObject({
      target: { subgraph: 'departments', department: 'housing' },
      variables: { d: 'housing' },
    });
    await expect(graph.generation.planSubscription({ document, variables: { d: 'magic' } })).rejects.toMatchObject({
      extensions: { code: 'UNKNOWN_DEPARTMENT', department: 'magic' },
    });
    await expect(graph.generation.planSubscription({ document })).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    await expect(graph.generation.planSubscription({ document: parse('{ cases { number } }') })).rejects.toMatchObject({
      extensions: { code: 'BAD_REQUEST' },
    });
  });
});
