import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { CostRules } from '../../../gateway/limits/cost/cost-rules.js';
import { OperationCost } from '../../../gateway/limits/cost/operation-cost.js';
import { Generation } from '../../../gateway/supergraph/generation.js';
import { composeSdl } from '../execution/in-process-graph.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@cost", "@listSize"])\n`;
const BOOKS = {
  name: 'books',
  sdl: `${LINK}
    type Query {
      book(id: ID): Book
      books: [Book]
      known: [Book] @listSize(assumedSize: 3)
      sliced(first: Int, last: Int = 2): [Book] @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false, assumedSize: 50)
      one(first: Int, last: Int): [Book] @listSize(slicingArguments: ["first", "last"])
      page(first: Int!): Page @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"])
      heavy: Heavy
      costly: String @cost(weight: 20)
      search(text: String @cost(weight: 5), filter: Filter, filters: [Filter!]): Int
      both: Int @shareable @cost(weight: 3)
      level: Level
      tags: [String]
    }
    type Mutation { add: Book }
    type Subscription { added: Book }
    type Book @key(fields: "id") { id: ID!  title: String  author: Author  pages: [Page] }
    type Author { name: String  books: [Book] }
    type Page { nodes: [Book]  edges: [Edge]  total: Int }
    type Edge { node: Book }
    type Heavy @cost(weight: 7) { x: Int }
    enum Level @cost(weight: 2) { LOW }
    input Filter { word: String @cost(weight: 4)  more: Filter }
  `,
};
const OTHER = {
  name: 'other',
  sdl: `${LINK} type Query { both: Int @shareable @cost(weight: 9)  lists: [Int] @shareable @listSize(assumedSize: 5) }`,
};
const THIRD = { name: 'third', sdl: `${LINK} type Query { lists: [Int] @shareable @listSize(assumedSize: 8) }` };

const build = (limit: number) =>
  Generation.build({ version: '1', sdl: composeSdl([BOOKS, OTHER, THIRD]), departments: [] }, { cost: { limit } });
const generation = build(1_000_000);
let asked = 0;
const run = async (query: string, variables: Record<string, unknown> = {}, of: Generation = generation) => {
  let cost: number | undefined;
  const { errors } = await of.execute({
    document: parse(query),
    variables,
    context: undefined,
    fetcher: async () => {
      asked++;
      return { data: {} };
    },
    onCost: (estimated) => {
      cost = estimated;
    },
  });
  return { cost, errors: errors?.map(({ extensions }) => extensions['code']) };
};

describe('the cost of an operation', () => {
  test.for<[query: string, cost: number, variables?: Record<string, unknown>]>([
    ['{ book { id title } }', 1],
    ['{ book { author { name } } }', 2],
    ['{ a: book { id } b: book { id } }', 2],
    // ten books, each with an author
    ['{ books { author { name } } }', 20],
    ['{ known { id } }', 3],
    // 3 × (1 + (1 + 10 × 1))
    ['{ known { author { books { id } } } }', 36],
    ['{ sliced(first: 4) { id } }', 4],
    ['{ sliced { id } }', 2],
    ['{ sliced(first: null, last: null) { id } }', 50],
    ['query ($n: Int) { sliced(first: $n) { id } }', 9, { n: 9 }],
    ['{ sliced(first: -5, last: -5) { id } }', 0],
    ['{ one(last: 6) { author { name } } }', 12],
    // the page, five nodes, five edges with a book each
    ['{ page(first: 5) { total nodes { id } edges { node { id } } } }', 16],
    ['{ page(first: 5) { nodes { pages { nodes { id } } } } }', 1 + 5 * (1 + 10 * (1 + 10))],
    ['{ heavy { x } }', 7],
    ['{ costly }', 20],
    ['{ level }', 2],
    ['{ tags }', 0],
    ['{ search(text: "x") }', 5],
    ['{ search(filter: { word: "x", more: { word: "y" } }) }', 10],
    ['query ($f: [Filter!]) { search(filters: $f) }', 11, { f: [{ word: 'a' }, { word: 'b' }, {}] }],
    ['mutation { add { id } }', 11],
    ['{ book { id } ...F } fragment F on Query { heavy { x } }', 8],
    ['{ ...F ...F books { ... on Book { author { name } } } } fragment F on Query { costly }', 60],
    ['query ($x: Boolean!) { costly @include(if: $x) heavy @skip(if: $x) { x } }', 20, { x: true }],
    ['query ($x: Boolean!) { costly @include(if: $x) heavy @skip(if: $x) { x } }', 7, { x: false }],
    ['{ __typename __schema { types { name } } }', 0],
  ])('%s is %i', async ([query, cost, variables]) => {
    expect(await run(query, variables)).toMatchObject({ cost });
  });

  test('takes the highest weight that subgraphs give, and the longest list', async () => {
    expect(await run('{ both }')).toMatchObject({ cost: 9 });
    expect(await run('{ lists }')).toMatchObject({ cost: 0 });
  });

  test.for(['{ one { id } }', '{ one(first: 1, last: 2) { id } }'])(
    'wants one argument that says how long a list is: %s',
    async (query) => {
      expect(await run(query)).toEqual({ cost: undefined, errors: ['BAD_USER_INPUT'] });
    },
  );

  test('counts each fragment once for each way its lists are sized', async () => {
    const doubled = Array.from({ length: 60 }, (_, i) => `fragment F${i} on Book { ...F${i + 1} ...F${i + 1} }`).join(' ');
    const document = parse(
      `{ page(first: 2) { nodes { ...F0 } edges { node { ...F0 } } } } ${doubled} fragment F60 on Book { author { name } }`,
    );
    const started = performance.now();
    const cost = costOf(document);
    expect(performance.now() - started).toBeLessThan(500);
    expect(cost).toBe(1 + 2 * (1 + 2 ** 60) + 2 * (1 + 1 + 2 ** 60));
  });
});

describe('an operation that may cost too much', () => {
  test('is refused before anybody is asked', async () => {
    const tight = build(10);
    asked = 0;
    expect(await run('{ known { author { books { id } } } }', {}, tight)).toEqual({ cost: 36, errors: ['COST_LIMIT_EXCEEDED'] });
    expect(await run('{ sliced(first: 1000000000) { id } }', {}, tight)).toEqual({ cost: 1e9, errors: ['COST_LIMIT_EXCEEDED'] });
    expect(asked).toBe(0);
    expect(await run('{ known { id } }', {}, tight)).toMatchObject({ cost: 3 });
    expect(asked).toBe(1);
  });

  test('is no subscription either', async () => {
    const subscription = { document: parse('subscription { added { author { books { author { name } } } } }') };
    await expect(build(5).planSubscription(subscription)).rejects.toMatchObject({
      code: 'COST_LIMIT_EXCEEDED',
      extensions: { estimated: 22, limit: 5 },
    });
    await build(22).planSubscription(subscription);
  });
});

function costOf(document: ReturnType<typeof parse>): number {
  const supergraph = Supergraph.build(composeSdl([BOOKS, OTHER, THIRD]), { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  const cost = new OperationCost(new CostRules(supergraph), supergraph.apiSchema().toGraphQLJSSchema());
  return cost.of(document, document.definitions[0] as OperationDefinitionNode, {});
}
