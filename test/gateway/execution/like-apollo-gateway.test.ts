import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { both, graphOf, plain, same } from './two-executors.js';

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
    // b's one answer is in both places before c's two arrive
    const merged = Promise.withResolvers<void>();
    const fetcher: typeof graph.fetcher = async (fetch, context) => {
      if (fetch.target.subgraph === 'c') await merged.promise;
      const response = await graph.fetcher(fetch, context);
      if (fetch.target.subgraph === 'b') setImmediate(merged.resolve);
      return response;
    };
    const document = parse('{ list { o { y z } } }');
    const expected = { data: { list: [{ o: { y: 5, z: 1 } }, { o: { y: 5, z: 2 } }] } };
    expect(await graph.run(document, {}, fetcher)).toEqual(expected);
    expect(plain(await graph.oracle(document))).toEqual(expected);
  });

  it('variables that are null, false or left out', async () => {
    const graph = graphOf({
      name: 'a',
      sdl: 'type Query { say(n: Int = 1, b: Boolean = true): String }',
      resolvers: { Query: { say: (_, { n, b }) => `${n} ${b}` } },
    });
    const text = 'query ($n: Int = 9, $b: Boolean) { say(n: $n, b: $b) }';
    expect((await same(graph, text)).data).toEqual({ say: '9 true' });
    expect((await same(graph, text, { n: null, b: false })).data).toEqual({ say: 'null false' });
    expect((await same(graph, text, { n: 0, b: null })).data).toEqual({ say: '0 null' });
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
