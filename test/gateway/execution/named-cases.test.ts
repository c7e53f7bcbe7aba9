import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { InProcessGraph, type InProcessSubgraph } from './in-process-graph.js';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@interfaceObject", "@override", "@composeDirective"])';
const plain = (value: unknown): any => JSON.parse(JSON.stringify(value));

function graphOf(...subgraphs: InProcessSubgraph[]): InProcessGraph {
  return new InProcessGraph(subgraphs.map((subgraph) => ({ ...subgraph, sdl: `${LINK}\n${subgraph.sdl}` })));
}

/** Both answers. Where they should be the same, that is checked here. */
async function both(graph: InProcessGraph, text: string, variables: Record<string, unknown> = {}): Promise<{ ours: any; theirs: any }> {
  const ours = plain(await graph.run(parse(text), variables));
  const theirs = plain(await graph.oracle(parse(text), variables));
  return { ours, theirs };
}

async function same(graph: InProcessGraph, text: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { ours, theirs } = await both(graph, text, variables);
  expect(ours.data).toEqual(theirs.data);
  expect((ours.errors ?? []).map(({ path }: any) => path)).toEqual((theirs.errors ?? []).map(({ path }: any) => path));
  return ours;
}

describe("answers like @apollo/gateway's", () => {
  it('interface objects: the concrete type comes from elsewhere', async () => {
    const graph = graphOf(
      {
        name: 'media',
        sdl: 'type Query { all: [Media!]! } interface Media @key(fields: "id") { id: ID! title: String } type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int } type Film implements Media @key(fields: "id") { id: ID! title: String }',
        resolvers: {
          Query: {
            all: () => [
              { __typename: 'Book', id: '1', title: 'b', pages: 3 },
              { __typename: 'Film', id: '1', title: 'f' },
            ],
          },
          Media: { __resolveReference: ({ id }: any) => ({ __typename: id === '1' ? 'Book' : 'Film', id, title: 'm' }) },
        },
      },
      {
        name: 'reviews',
        sdl: 'type Query { best: Media } type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }',
        resolvers: {
          Query: { best: () => ({ id: '1', stars: 5 }) },
          Media: { __resolveReference: ({ id }: any) => ({ id, stars: Number(id) }) },
        },
      },
    );
    expect(await same(graph, '{ all { __typename id stars ... on Book { pages } } }')).toEqual({
      data: {
        all: [
          { __typename: 'Book', id: '1', stars: 1, pages: 3 },
          { __typename: 'Film', id: '1', stars: 1 },
        ],
      },
    });
    expect(await same(graph, '{ best { stars title __typename ... on Book { pages } } }')).toMatchObject({
      data: { best: { stars: 5, __typename: 'Book' } },
    });
    expect(await same(graph, '{ best { stars } }')).toEqual({ data: { best: { stars: 5 } } });
  });

  it('requires through nested objects and lists, with nulls among them', async () => {
    const graph = graphOf(
      {
        name: 'a',
        sdl: 'type Query { boxes: [Box] } type Box @key(fields: "id") { id: ID! size: Size parts: [Part] } type Size @shareable { w: Int h: Int } type Part @shareable { n: Int }',
        resolvers: {
          Query: {
            boxes: () => [{ id: '1', size: { w: 2, h: 3 }, parts: [{ n: 1 }, null, { n: 2 }] }, null, { id: '2', size: null, parts: null }],
          },
        },
      },
      {
        name: 'b',
        sdl: 'type Box @key(fields: "id") { id: ID! size: Size @external parts: [Part] @external price: Int @requires(fields: "size { w h } parts { n }") } type Size @shareable { w: Int h: Int } type Part @shareable { n: Int }',
        resolvers: {
          Box: {
            price: ({ size, parts }: any) =>
              (size?.w ?? 0) * (size?.h ?? 0) + (parts ?? []).reduce((sum: number, part: any) => sum + (part?.n ?? 0), 0),
            __resolveReference: (row: any) => row,
          },
        },
      },
    );
    expect(await same(graph, '{ boxes { price } }')).toEqual({ data: { boxes: [{ price: 9 }, null, { price: 0 }] } });
  });

  it('nested keys, several keys, provided fields and an overridden one', async () => {
    const graph = graphOf(
      {
        name: 'a',
        sdl: 'type Query { users: [User!]! } type User @key(fields: "org { id } nr") @key(fields: "email") { org: Org! nr: Int! email: String! name: String @shareable city: String } type Org @shareable { id: ID! }',
        resolvers: {
          Query: { users: () => [1, 2].map((nr) => ({ org: { id: 'o' }, nr, email: `${nr}@x`, name: `n${nr}`, city: 'old' })) },
        },
      },
      {
        name: 'b',
        sdl: 'type User @key(fields: "org { id } nr") { org: Org! nr: Int! posts: [Post] city: String @override(from: "a") } type Org @shareable { id: ID! } type Post { author: User @provides(fields: "name") } extend type User { name: String @external }',
        resolvers: {
          User: {
            __resolveReference: ({ org, nr }: any) => ({
              org,
              nr,
              city: `city ${org.id} ${nr}`,
              posts: [{ author: { org, nr, name: 'provided' } }],
            }),
          },
        },
      },
      {
        name: 'c',
        sdl: 'type User @key(fields: "email") { email: String! score: Int }',
        resolvers: { User: { __resolveReference: ({ email }: any) => ({ email, score: email.length }) } },
      },
    );
    expect(await same(graph, '{ users { city score posts { author { name } } } }')).toEqual({
      data: { users: [1, 2].map((nr) => ({ city: `city o ${nr}`, score: 3, posts: [{ author: { name: 'provided' } }] })) },
    });
  });

  it('an enum value that clients may not see', async () => {
    const graph = graphOf({
      name: 'a',
      sdl: 'type Query { one: E all: [E] strict: [E!] } enum E { SEEN HIDDEN @inaccessible }',
      resolvers: { Query: { one: () => 'HIDDEN', all: () => ['SEEN', 'HIDDEN'], strict: () => ['SEEN', 'HIDDEN'] } },
    });
    const { ours, theirs } = await both(graph, '{ one all strict }');
    expect(ours).toEqual({ data: { one: null, all: ['SEEN', null], strict: null }, extensions: { valueCompletion: expect.anything() } });
    expect(ours.data).toEqual(theirs.data);
    expect(ours.extensions.valueCompletion.map(({ path }: any) => path)).toEqual(
      theirs.extensions.valueCompletion.map(({ path }: any) => path),
    );
  });

  it('introspection beside data, with variables and fragments', async () => {
    const graph = graphOf({ name: 'a', sdl: 'type Query { a: Int }', resolvers: { Query: { a: () => 1 } } });
    const text =
      'query ($n: String!, $d: Boolean!) { a kind: __typename q: __type(name: $n) { ...T } __schema { queryType { ...T fields { name isDeprecated @include(if: $d) } } } } fragment T on __Type { name }';
    expect(await same(graph, text, { n: 'Int', d: false })).toEqual({
      data: { a: 1, kind: 'Query', q: { name: 'Int' }, __schema: { queryType: { name: 'Query', fields: [{ name: 'a' }] } } },
    });
    expect(await same(graph, text, { n: 'Nope', d: true })).toMatchObject({ data: { q: null } });
  });

  it('custom scalars as they are, falsy values included', async () => {
    const graph = graphOf({
      name: 'a',
      sdl: 'scalar Any type Query { a: Any b: [Any!] c: Any! }',
      resolvers: { Query: { a: () => ({ x: [1, { y: null }] }), b: () => [0, '', false], c: () => 0 } },
    });
    expect(await same(graph, '{ a b c }')).toEqual({ data: { a: { x: [1, { y: null }] }, b: [0, '', false], c: 0 } });
  });

  it('errors of a repeated entity at each of its places', async () => {
    const graph = graphOf(
      {
        name: 'a',
        sdl: 'type Query { list: [T] } type T @key(fields: "id") { id: ID! }',
        resolvers: { Query: { list: () => [{ id: '1' }, null, { id: '2' }, { id: '1' }] } },
      },
      {
        name: 'b',
        sdl: 'type T @key(fields: "id") { id: ID! x: Int }',
        resolvers: {
          T: {
            __resolveReference: (row: any) => row,
            x: ({ id }: any) => {
              if (id === '1') throw new Error('no');
              return 2;
            },
          },
        },
      },
    );
    const { ours, theirs } = await both(graph, '{ list { x } }');
    expect(ours.data).toEqual({ list: [{ x: null }, null, { x: 2 }, { x: null }] });
    const paths = ({ errors }: any) => errors.map(({ path }: any) => path);
    expect(paths(ours)).toEqual([
      ['list', 0, 'x'],
      ['list', 3, 'x'],
    ]);
    expect(paths(ours)).toEqual(paths(theirs));
  });

  it('one answer for a repeated entity stays apart where later fetches add to it', async () => {
    const graph = graphOf(
      {
        name: 'a',
        sdl: 'type Query { list: [T] } type T @key(fields: "id") { id: ID! w: Int }',
        resolvers: { Query: { list: () => [1, 2].map((w) => ({ id: '1', w })) } },
      },
      {
        name: 'b',
        sdl: 'type T @key(fields: "id") { id: ID! o: O @shareable } type O { y: Int }',
        resolvers: { T: { __resolveReference: ({ id }: any) => ({ id, o: { y: 5 } }) } },
      },
      {
        name: 'c',
        sdl: 'type T @key(fields: "id") { id: ID! w: Int @external o: O @shareable @requires(fields: "w") } type O { z: Int }',
        resolvers: { T: { __resolveReference: ({ id, w }: any) => ({ id, o: { z: w } }) } },
      },
    );
    expect((await same(graph, '{ list { o { y z } } }')).data).toEqual({ list: [{ o: { y: 5, z: 1 } }, { o: { y: 5, z: 2 } }] });
  });

  it('a null that bubbles to the root', async () => {
    const graph = graphOf(
      { name: 'a', sdl: 'type Query { t: T! } type T @key(fields: "id") { id: ID! }', resolvers: { Query: { t: () => ({ id: '1' }) } } },
      { name: 'b', sdl: 'type T @key(fields: "id") { id: ID! x: Int! }', resolvers: { T: { __resolveReference: () => null } } },
    );
    const ours = await same(graph, '{ t { x } }');
    expect(ours.data).toBeNull();
    expect(ours.extensions.valueCompletion).toEqual([
      { message: 'Cannot return null for non-nullable field T.x.', path: ['t', 'x'], extensions: { code: 'INVALID_GRAPHQL' } },
    ]);
  });
});

describe("answers better than @apollo/gateway's", () => {
  const union = graphOf(
    {
      name: 'a',
      sdl: 'type Query { any: [U] node: A } interface N { id: ID! } union U = A | B type A implements N @key(fields: "id") { id: ID! n: Int } type B implements N @key(fields: "id") { id: ID! }',
      resolvers: {
        Query: {
          any: () => [
            { __typename: 'B', id: '1' },
            { __typename: 'A', id: '2' },
          ],
          node: () => ({ id: '2' }),
        },
        A: { n: () => 0 },
      },
    },
    {
      name: 'b',
      sdl: 'type A @key(fields: "id") { id: ID! far: Int }',
      resolvers: {
        A: {
          __resolveReference: (row: any) => row,
          far: () => {
            throw new Error('far');
          },
        },
      },
    },
  );

  it('an error of one type among others is at that object', async () => {
    const { ours, theirs } = await both(union, '{ any { ... on A { far } } }');
    expect(ours.errors[0].path).toEqual(['any', 1, 'far']);
    expect(theirs.errors[0].path).toEqual(['any', 0, 'far']);
  });

  it("a type condition inside one on an interface keeps the object's type", async () => {
    const { ours, theirs } = await both(union, '{ node { ... on N { ... on A { n } } } }');
    expect(ours.data).toEqual({ node: { n: 0 } });
    expect(theirs.data).toEqual({ node: {} });
  });

  it('a zero stays a zero where a field had to be renamed for a subgraph', async () => {
    const graph = graphOf(
      {
        name: 'a',
        sdl: 'type Query { any: [U] } union U = A | B type A @key(fields: "id") { id: ID! n: Int @shareable } type B @key(fields: "id") { id: ID! n: Int! @shareable }',
        resolvers: {
          Query: {
            any: () => [
              { __typename: 'B', id: '1', n: 0 },
              { __typename: 'A', id: '2', n: 0 },
              { __typename: 'B', id: '3', n: 3 },
            ],
          },
        },
      },
      // here it may be null, so it may be in the supergraph: clients may select both under one name, subgraph a can't
      { name: 'b', sdl: 'type B @key(fields: "id") { id: ID! n: Int @shareable }' },
    );
    const { ours, theirs } = await both(graph, '{ any { ... on A { n } ... on B { n } } }');
    expect(ours.data).toEqual({ any: [{ n: 0 }, { n: 0 }, { n: 3 }] });
    expect(theirs.data.any).toContainEqual({ n: null });
  });

  it('a field that is left out takes no other with it', async () => {
    const graph = graphOf(
      {
        name: 'a',
        sdl: 'type Query { t: T } type T @key(fields: "id") { id: ID! w: Int }',
        resolvers: { Query: { t: () => ({ id: '1', w: 2 }) } },
      },
      {
        name: 'b',
        sdl: 'type T @key(fields: "id") { id: ID! w: Int @external price: Int @requires(fields: "w") other: Int }',
        resolvers: { T: { __resolveReference: (row: any) => ({ ...row, other: 7, price: row.w * 2 }) } },
      },
    );
    const { ours, theirs } = await both(graph, 'query ($q: Boolean!) { t { other price @include(if: $q) } }', { q: false });
    expect(ours.data).toEqual({ t: { other: 7 } });
    expect(theirs.data).toEqual({ t: { other: null } });
    expect((await both(graph, 'query ($q: Boolean!) { t { other price @include(if: $q) } }', { q: true })).ours.data).toEqual({
      t: { other: 7, price: 4 },
    });
  });

  it('lists of lists that two subgraphs answer are merged, not replaced', async () => {
    const cells = (field: string) => [[{ [field]: 1 }, { [field]: 2 }], null, [{ [field]: 3 }]];
    const graph = graphOf(
      {
        name: 'a',
        sdl: 'type Query { t: T } type T @key(fields: "id") { id: ID! grid: [[Cell]] @shareable } type Cell { x: Int }',
        resolvers: { Query: { t: () => ({ id: '1', grid: cells('x') }) } },
      },
      {
        name: 'b',
        sdl: 'type T @key(fields: "id") { id: ID! grid: [[Cell]] @shareable } type Cell { y: Int }',
        resolvers: { T: { __resolveReference: ({ id }: any) => ({ id, grid: cells('y') }) } },
      },
    );
    const { ours, theirs } = await both(graph, '{ t { grid { x y } } }');
    expect(ours.data).toEqual({
      t: {
        grid: [
          [
            { x: 1, y: 1 },
            { x: 2, y: 2 },
          ],
          null,
          [{ x: 3, y: 3 }],
        ],
      },
    });
    expect(theirs.data).not.toEqual(ours.data);
  });

  it('a subgraph that answers nonsense costs its own field', async () => {
    const graph = graphOf({ name: 'a', sdl: 'type Query { list: [T] t: T ok: Int } type T { x: Int }' });
    const fetcher = () => Promise.resolve({ data: { list: { x: 1 }, t: 'text', ok: 1 } });
    const ours = plain(await graph.run(parse('{ list { x } t { x } ok }'), {}, fetcher));
    expect(ours.data).toEqual({ list: null, t: null, ok: 1 });
    expect(ours.extensions.valueCompletion.map(({ path }: any) => path)).toEqual([['list'], ['t']]);
    expect(plain(await graph.oracle(parse('{ list { x } t { x } ok }'), {}, fetcher)).data).toBeUndefined();
  });
});

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
