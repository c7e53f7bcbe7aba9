import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { InProcessGraph } from './in-process-graph.js';
import { graphOf, LINK, plain } from './two-executors.js';

describe('what is not supported', () => {
  it('is said when it is asked for: arguments set from context', async () => {
    const graph = new InProcessGraph([
      {
        name: 'a',
        sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@context", "@fromContext"])
          type Query { t: T } type T @key(fields: "id") @context(name: "c") { id: ID! prop: String! u: U! } type U @key(fields: "id") { id: ID! plain: Int field(a: String @fromContext(field: "$c { prop }")): Int }`,
        resolvers: { Query: { t: () => ({ id: '1', prop: 'p', u: { id: '2', plain: 3 } }) } },
      },
      { name: 'b', sdl: `${LINK} type Query { b: Int } type U @key(fields: "id") { id: ID! more: Int }` },
    ]);
    expect(plain(await graph.run(parse('{ t { u { plain } } }')))).toEqual({ data: { t: { u: { plain: 3 } } } });
    const refused = plain(await graph.run(parse('{ t { u { field } } }')));
    expect(refused.data).toBeUndefined();
    expect(refused.errors[0].message).toContain('@fromContext');
  });
});

describe('names that clients choose', () => {
  it('never reach a prototype', async () => {
    const graph = graphOf(
      {
        name: 'a',
        sdl: 'type Query { t: T list: [T] } type T @key(fields: "id") { id: ID! }',
        resolvers: { Query: { t: () => ({ id: '1' }), list: () => [{ id: '2' }] } },
      },
      {
        name: 'b',
        sdl: 'type T @key(fields: "id") { id: ID! x: Int o: O } type O { y: Int }',
        resolvers: { T: { __resolveReference: ({ id }: any) => ({ id, x: Number(id), o: { y: 5 } }) } },
      },
    );
    const text = '{ __proto__: t { constructor: x __proto__: o { toString: y } } hasOwnProperty: list { __proto__: x valueOf: o { y } } }';
    const result = await graph.run(parse(text));
    expect(JSON.stringify(result)).toBe(
      '{"data":{"__proto__":{"constructor":1,"__proto__":{"toString":5}},"hasOwnProperty":[{"__proto__":2,"valueOf":{"y":5}}]}}',
    );
    expect(({} as any).constructor).toBe(Object);
  });
});

describe('a fetch without an answer', () => {
  const graph = graphOf(
    {
      name: 'a',
      sdl: 'type Query { t: T other: Int } type T @key(fields: "id") { id: ID! }',
      resolvers: { Query: { t: () => ({ id: '1' }), other: () => 1 } },
    },
    { name: 'b', sdl: 'type Query { b: Int } type T @key(fields: "id") { id: ID! x: Int y: Int }', resolvers: {} },
  );

  it('is one error, and nulls for its own fields', async () => {
    const failing = (fetch: any) =>
      fetch.target.subgraph === 'b' ? Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1:4001')) : graph.fetcher(fetch, undefined);
    const { data, errors } = plain(await graph.run(parse('{ b t { id x y } other }'), {}, failing));
    expect(data).toEqual({ b: null, t: { id: '1', x: null, y: null }, other: 1 });
    expect(errors.map(({ path }: any) => path).sort()).toEqual([['b'], ['t']]);
    for (const { message, extensions } of errors) {
      expect(message).toBe('Subgraph "b" did not answer; only its own fields are missing.');
      expect(extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', service: 'b' });
    }
  });

  it('with errors that are none is taken as it is', async () => {
    const odd = (errors: unknown) => () => Promise.resolve({ data: { b: 1 }, errors: errors as never });
    expect(await graph.run(parse('{ b }'), {}, odd('broken'))).toEqual({ data: { b: 1 } });
    expect(plain(await graph.run(parse('{ b }'), {}, odd([null, { message: 7, path: 'b' }])))).toEqual({
      data: { b: 1 },
      errors: [
        { message: 'Subgraph "b" reported an error without a message.', extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', service: 'b' } },
      ],
    });
  });

  it('or with the wrong number of entities, is one error too', async () => {
    const wrong = (fetch: any) =>
      fetch.target.subgraph === 'b' ? Promise.resolve({ data: { _entities: [] } }) : graph.fetcher(fetch, undefined);
    const { data, errors } = plain(await graph.run(parse('{ t { x } }'), {}, wrong));
    expect(data).toEqual({ t: { x: null } });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ path: ['t'], extensions: { service: 'b' } });
  });
});

describe('what a client may not fetch', () => {
  it('is answered null and not asked for', async () => {
    const graph = graphOf({ name: 'a', sdl: 'type Query { open: Int shut: Int }', resolvers: { Query: { open: () => 1, shut: () => 2 } } });
    const sent: string[] = [];
    const fetcher = (fetch: any) => {
      sent.push(fetch.query);
      return graph.fetcher(fetch, undefined);
    };
    const document = parse('{ open shut kind: __typename }');
    const run = (fetchable: ReturnType<typeof parse> | null) =>
      graph.generation.execute({ document, fetchable, context: undefined, fetcher });
    expect(await run(parse('{ open }'))).toEqual({ data: { open: 1, shut: null, kind: 'Query' } });
    expect(await run(null)).toEqual({ data: { open: null, shut: null, kind: 'Query' } });
    expect(sent).toEqual(['{open}']);
  });
});
