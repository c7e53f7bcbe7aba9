import { QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, parse, print } from 'graphql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decideConditions, fillEmptySelections } from '../../../gateway/planning/decide-conditions.js';
import { LeastRecentlyUsed } from '../../../gateway/planning/least-recently-used.js';
import { Generation } from '../../../gateway/supergraph/generation.js';
import { composeSdl, InProcessGraph } from '../execution/in-process-graph.js';

const SUBGRAPH = {
  name: 'one',
  sdl: 'type Query { a: Int b: Int c: Int deep: Deep } type Deep { d: Int e: Int }',
  resolvers: { Query: { a: () => 1, b: () => 2, deep: () => ({ d: 3 }) } },
};

afterEach(() => void vi.restoreAllMocks());

describe('plans', () => {
  it('are made once for fifty requests that arrive together', async () => {
    const planned = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan');
    const graph = new InProcessGraph([SUBGRAPH]);
    // every request has a document of its own, as when each is parsed
    const results = await Promise.all(Array.from({ length: 50 }, () => graph.run(parse('{ a deep { d } }'))));
    expect(planned).toHaveBeenCalledTimes(1);
    for (const result of results) expect(result).toEqual({ data: { a: 1, deep: { d: 3 } } });
  });

  it('are kept per operation name, and for each way its conditions turn out', async () => {
    const planned = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan');
    const graph = new InProcessGraph([SUBGRAPH]);
    const document = parse('query A($x: Boolean!) { a b @include(if: $x) } query B($y: Boolean = false) { b c @skip(if: $y) }');
    const run = async (operationName: string, variables: Record<string, unknown>) =>
      (await graph.generation.execute({ document, operationName, variables, context: undefined, fetcher: graph.fetcher })).data;
    expect(await run('A', { x: true })).toEqual({ a: 1, b: 2 });
    expect(await run('A', { x: false })).toEqual({ a: 1 });
    expect(await run('B', {})).toEqual({ b: 2, c: null });
    expect(await run('B', { y: true })).toEqual({ b: 2 });
    expect(await run('A', { x: true })).toEqual({ a: 1, b: 2 });
    expect(planned).toHaveBeenCalledTimes(4);
  });

  it('are forgotten, the least recently used first, when there are too many', async () => {
    const planned = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan');
    const generation = Generation.build({ version: '1', sdl: composeSdl([SUBGRAPH]), departments: [] }, { planCacheSize: 2 });
    const run = (text: string) =>
      generation.execute({ document: parse(text), context: undefined, fetcher: () => Promise.resolve({ data: {} }) });
    for (const text of ['{ a }', '{ b }', '{ a }', '{ c }', '{ a }']) await run(text);
    expect(planned).toHaveBeenCalledTimes(3);
    expect(generation.cachedPlans).toBe(2);
    await run('{ b }');
    expect(planned).toHaveBeenCalledTimes(4);
  });

  it('that fail are made again', async () => {
    const graph = new InProcessGraph([SUBGRAPH]);
    vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan').mockImplementationOnce(() => {
      throw new Error('out of luck at /srv/planner.js');
    });
    const failed = await graph.run(parse('{ a }'));
    expect(JSON.parse(JSON.stringify(failed))).toEqual({
      errors: [{ message: 'The gateway failed to run this operation.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(failed.errors?.[0]?.originalError?.message).toContain('out of luck');
    expect(await graph.run(parse('{ a }'))).toEqual({ data: { a: 1 } });
  });
});

describe('an operation that the planner gives up on', () => {
  it('is told to be too large', async () => {
    const graph = new InProcessGraph([SUBGRAPH]);
    vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan').mockImplementationOnce(() => {
      throw new Error('Exceeded maximum recursive selections in this operation');
    });
    expect((await graph.run(parse('{ a }'))).errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'OPERATION_TOO_LARGE', of: 'selections', http: { status: 400 } },
    ]);
  });

  it('as it words it itself', async () => {
    const graph = new InProcessGraph([{ name: 'one', sdl: 'type Query { n: N } type N { n: N id: Int }' }]);
    const levels = 40;
    const text = Array.from(
      { length: levels },
      (_, i) => `fragment F${i} on N { id n { ...F${i + 1} } ...F${i + 1} ...F${i + 1} ...F${i + 1} }`,
    );
    const { errors } = await graph.run(parse(`{ n { ...F0 } } ${text.join(' ')} fragment F${levels} on N { id }`));
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['OPERATION_TOO_LARGE']);
  });
});

describe("an operation that can't run", () => {
  const graph = new InProcessGraph([SUBGRAPH]);
  const run = async (text: string, operationName?: string, variables = {}) => {
    const { errors, ...rest } = await graph.generation.execute({
      document: parse(text),
      operationName,
      variables,
      context: undefined,
      fetcher: graph.fetcher,
    });
    return { codes: errors?.map(({ extensions }) => extensions['code']), ...rest };
  };

  it('has no such name', async () => {
    expect(await run('query A { a }', 'B')).toEqual({ codes: ['OPERATION_RESOLUTION_FAILURE'] });
    expect(await run('query A { a } query B { b }')).toEqual({ codes: ['OPERATION_RESOLUTION_FAILURE'] });
  });

  it('has variables that do not fit', async () => {
    expect(await run('query ($x: Boolean!) { a @include(if: $x) }', undefined, { x: 'yes' })).toEqual({ codes: ['BAD_USER_INPUT'] });
  });
});

describe('conditions', () => {
  const decided = (text: string, flags: Record<string, boolean>): [DocumentNode, string] => {
    const document = decideConditions(parse(text), flags);
    return [document, print(fillEmptySelections(document)).replace(/\s+/g, ' ')];
  };

  it('leave what they include, without themselves', () => {
    const [, text] = decided(
      'query Q($x: Boolean!) @tag { a @include(if: $x) @other b @skip(if: $x) ...F @skip(if: false) } fragment F on T { c @skip(if: true) d }',
      { x: true },
    );
    expect(text).toBe('query Q($x: Boolean!) @tag { a @other ...F } fragment F on T { d }');
  });

  it('may leave nothing, of which only the presence is asked', () => {
    const [document, text] = decided('{ deep { d @skip(if: true) } }', {});
    expect(text).toBe('{ deep { __typename } }');
    expect(document.definitions[0]).toMatchObject({ selectionSet: { selections: [{ selectionSet: { selections: [] } }] } });
  });
});

describe('the least recently used', () => {
  it('needs room', () => expect(() => new LeastRecentlyUsed(0)).toThrow(RangeError));

  it('drops a value only if it is still that one', () => {
    const cache = new LeastRecentlyUsed<string, number>(1);
    cache.set('a', 1);
    cache.drop('a', 2);
    expect(cache.get('a')).toBe(1);
    cache.drop('a', 1);
    expect(cache.size).toBe(0);
  });
});
