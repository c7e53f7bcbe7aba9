import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { both, graphOf, plain } from './two-executors.js';

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
