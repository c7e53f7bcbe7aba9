import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { SubgraphFetch, SubgraphFetcher } from '../../../gateway/execution/subgraph-fetch.js';
import { graphOf, plain } from './two-executors.js';

const graph = graphOf(
  {
    name: 'cases',
    sdl: `type Query { case: Case other: Item later: Later }
      type Case @key(fields: "id") { id: ID! item: Item department: Department }
      type Item @key(fields: "code") { code: ID! }
      type Department @key(fields: "code") { code: ID! }
      type Later @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        case: () => ({ id: '1', item: { code: 'i' }, department: { code: 'd' } }),
        other: () => ({ code: 'j' }),
        later: () => ({ id: 'l' }),
      },
    },
  },
  {
    name: 'guides',
    sdl: `type Item @key(fields: "code") { code: ID! name(short: Boolean): String fails: String! }
      type Department @key(fields: "code") { code: ID! name(short: Boolean): String fails: String }
      type Later @key(fields: "id") { id: ID! item: Item }`,
    resolvers: {
      Item: {
        __resolveReference: ({ code }: any) => ({ code }),
        name: ({ code }: any, { short }: any) => (short === true ? code : `item ${code}`),
        fails: () => {
          throw new Error('no such thing');
        },
      },
      Department: {
        __resolveReference: ({ code }: any) => {
          if (code === 'broken') throw new Error('broken');
          return { code };
        },
        name: ({ code }: any, { short }: any) => (short === true ? code : `department ${code}`),
        fails: () => {
          throw new Error('not today');
        },
      },
      Later: { __resolveReference: ({ id }: any) => ({ id, item: { code: 'k' } }) },
    },
  },
);

/** What was sent to the subgraph that others' rows are joined from. */
async function sent(query: string, variables: Record<string, unknown> = {}, change: SubgraphFetcher<unknown> = graph.fetcher) {
  const asked: SubgraphFetch[] = [];
  const fetcher: SubgraphFetcher<unknown> = (fetch, context) => {
    if (fetch.target.subgraph === 'guides') asked.push(structuredClone(fetch));
    return change(fetch, context);
  };
  return { result: plain(await graph.run(parse(query), variables, fetcher)), asked };
}

describe('entity fetches that are ready together', () => {
  it('go to one subgraph as one request, each under a name of its own', async () => {
    const { result, asked } = await sent('query Page { case { item { name } department { name } } other { name } }');
    expect(result).toEqual({
      data: { case: { item: { name: 'item i' }, department: { name: 'department d' } }, other: { name: 'item j' } },
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.query.match(/_entities\(/g)).toHaveLength(3);
    expect(asked[0]?.query).toContain(`query ${asked[0]?.operationName}(`);
  });

  it('keep the variables of the client, whatever their names', async () => {
    for (const name of ['short', '_representations0', 'representations1', 'e0']) {
      const { result } = await sent(
        `query($${name}: Boolean = false) { case { item { name(short: $${name}) } department { name(short: $${name}) } } }`,
        { [name]: true },
      );
      expect(result).toEqual({ data: { case: { item: { name: 'i' }, department: { name: 'd' } } } });
    }
  });

  it('have their errors at their own places', async () => {
    const { result, asked } = await sent('{ case { item { name } department { name fails } } other { fails } }');
    expect(asked).toHaveLength(1);
    expect(result.data).toEqual({ case: { item: { name: 'item i' }, department: { name: 'department d', fails: null } }, other: null });
    expect(result.errors.map(({ path }: any) => path)).toEqual([
      ['case', 'department', 'fails'],
      ['other', 'fails'],
    ]);
  });

  it('of which one fails as a whole are asked again one by one: the others lose nothing', async () => {
    const failing: SubgraphFetcher<unknown> = async (fetch, context) => {
      // a subgraph that fails for whatever contains departments
      if (fetch.query.includes('Department')) return { data: null, errors: [{ message: 'out of order', path: ['_entities'] }] };
      return graph.fetcher(fetch, context);
    };
    const { result, asked } = await sent('{ case { item { name } department { name } } }', {}, failing);
    expect(asked).toHaveLength(3);
    expect(result.data).toEqual({ case: { item: { name: 'item i' }, department: { name: null } } });
    expect(result.errors).toHaveLength(1);
    expect(result.errors[0]).toMatchObject({ message: 'out of order', path: ['case', 'department'] });
  });

  it('are told of once where no answer comes, each at its own place', async () => {
    const silent: SubgraphFetcher<unknown> = (fetch, context) =>
      fetch.target.subgraph === 'guides' ? Promise.reject(new Error('refused')) : graph.fetcher(fetch, context);
    const { result } = await sent('{ case { item { name } department { name } } }', {}, silent);
    expect(result.data).toEqual({ case: { item: { name: null }, department: { name: null } } });
    expect(result.errors.map(({ path, extensions }: any) => [path, extensions.code])).toEqual([
      [['case', 'item'], 'SUBGRAPH_UNAVAILABLE'],
      [['case', 'department'], 'SUBGRAPH_UNAVAILABLE'],
    ]);
  });

  it('do not wait for those that are not ready yet', async () => {
    const { result, asked } = await sent('{ case { item { name } } later { item { name } } }');
    expect(result).toEqual({ data: { case: { item: { name: 'item i' } }, later: { item: { name: 'item k' } } } });
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});
