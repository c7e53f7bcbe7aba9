import { composeServices } from '@apollo/composition';
import { QueryPlanner } from '@apollo/query-planner';
import { type OperationDefinitionNode, parse } from 'graphql';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cutDocument } from '../../../gateway/authorization/cut-document.js';
import { GuardedGraph, link, unauthorized } from './guarded-graph.js';

afterEach(() => void vi.restoreAllMocks());

const PEOPLE = {
  name: 'people',
  sdl: `${link('@authenticated', '@requiresScopes', '@policy')}
    type Query {
      person: Person
      people: [Person!]!
      strict: Strict
      secretRoot: String @authenticated
      level: Level
      plate: Plate
      vault: Vault
      vip: String @policy(policies: [["vip"]])
    }
    type Mutation { rename: String @requiresScopes(scopes: [["write"]])  touch: String }
    type Person @key(fields: "id") { id: ID!  name: String  phone: String @requiresScopes(scopes: [["contact", "read"], ["all"]]) }
    type Strict { open: String  inner: Inner! }
    type Inner { value: String! @authenticated }
    enum Level @authenticated { LOW HIGH }
    scalar Plate @requiresScopes(scopes: [["transport"]])
    type Vault @requiresScopes(scopes: [["vault"]]) { gold: Int  more: Vault }
  `,
  resolvers: {
    Query: {
      person: () => ({ id: '1', name: '甲', phone: '1', __typename: 'Person' }),
      people: () => [
        { id: '1', name: '甲', phone: '1' },
        { id: '2', name: '乙', phone: '2' },
      ],
      strict: () => ({ open: 'o', inner: { value: 'v' } }),
      secretRoot: () => 's',
      level: () => 'HIGH',
      plate: () => 'A1',
      vault: () => ({ gold: 1 }),
      vip: () => 'v',
    },
    Mutation: { rename: () => 'renamed', touch: () => 'touched' },
  },
};
const RECORDS = {
  name: 'records',
  sdl: `${link('@authenticated', '@requiresScopes')}
    type Person @key(fields: "id") { id: ID!  record: String @requiresScopes(scopes: [["record"]])  public: String }
  `,
  resolvers: { Person: { __resolveReference: (row: object) => row, record: () => 'r', public: () => 'p' } },
};
const graph = new GuardedGraph([PEOPLE, RECORDS]);

describe('a guarded field', () => {
  test('of another subgraph is not fetched, and the fetch for it alone is not sent', async () => {
    const query = '{ person { name record } }';
    const refused = await graph.ask(query, {});
    expect(refused).toEqual({
      data: { person: { name: '甲', record: null } },
      errors: unauthorized(['person', 'record']),
      asked: ['people'],
    });
    expect(await graph.ask(query, { scopes: ['record'] })).toEqual({
      data: { person: { name: '甲', record: 'r' } },
      errors: [],
      asked: ['people', 'records'],
    });
  });

  test('leaves its neighbours from the same subgraph', async () => {
    expect(await graph.ask('{ person { record public } }', {})).toEqual({
      data: { person: { record: null, public: 'p' } },
      errors: unauthorized(['person', 'record']),
      asked: ['people', 'records'],
    });
  });

  test.for([
    [[], false],
    [['contact'], false],
    [['read'], false],
    [['contact', 'read'], true],
    [['all'], true],
  ] as const)('asks for all scopes of any list: %j', async ([scopes, allowed]) => {
    const { data, errors } = await graph.ask('{ person { phone } }', { scopes });
    expect(data).toEqual({ person: { phone: allowed ? '1' : null } });
    expect(errors).toEqual(allowed ? [] : unauthorized(['person', 'phone']));
  });

  test('is told by its response name, and with @ for the items of a list', async () => {
    const { data, errors } = await graph.ask('{ people { tel: phone id } }', {});
    expect(data).toEqual({
      people: [
        { tel: null, id: '1' },
        { tel: null, id: '2' },
      ],
    });
    expect(errors).toEqual(unauthorized(['people', '@', 'tel']));
  });

  test('that may not be null takes its parents with it', async () => {
    const { data, errors } = await graph.ask('{ strict { open inner { value } } }', undefined);
    expect(data).toEqual({ strict: null });
    expect(errors).toEqual(unauthorized(['strict', 'inner', 'value']));
  });

  test('that is alone at the root asks nobody', async () => {
    expect(await graph.ask('{ secretRoot }', undefined)).toEqual({
      data: { secretRoot: null },
      errors: unauthorized(['secretRoot']),
      asked: [],
    });
  });

  test('is no fault when @skip leaves it out', async () => {
    const query = 'query ($no: Boolean!) { person { name record @include(if: $no) } }';
    expect(await graph.ask(query, undefined, { no: false })).toMatchObject({ data: { person: { name: '甲' } }, errors: [] });
    expect(await graph.ask(query, undefined, { no: true })).toMatchObject({ errors: unauthorized(['person', 'record']) });
  });

  test('in a fragment is told wherever the fragment is spread', async () => {
    const query = '{ a: person { ...F } b: person { ... { ...F } } } fragment F on Person { name record }';
    const { data, errors, asked } = await graph.ask(query, {});
    expect(data).toEqual({ a: { name: '甲', record: null }, b: { name: '甲', record: null } });
    expect(errors).toEqual(unauthorized(['a', 'record'], ['b', 'record']));
    expect(asked).toEqual(['people']);
  });

  test('of a mutation is not run, and the others are', async () => {
    const query = 'mutation { rename touch }';
    const renamed = vi.spyOn(PEOPLE.resolvers.Mutation, 'rename');
    const { data, errors } = await graph.ask(query, {});
    expect(data).toEqual({ rename: null, touch: 'touched' });
    expect(errors).toEqual(unauthorized(['rename']));
    expect(renamed).not.toHaveBeenCalled();
  });
});

describe('a guarded type', () => {
  test.for([
    ['level', {}, 'HIGH'],
    ['plate', { scopes: ['transport'] }, 'A1'],
    ['vault { gold }', { scopes: ['vault'] }, { gold: 1 }],
  ] as const)('guards every field that returns it: %s', async ([field, who, value]) => {
    const name = field.split(' ')[0] as string;
    expect(await graph.ask(`{ ${field} }`, undefined)).toEqual({ data: { [name]: null }, errors: unauthorized([name]), asked: [] });
    expect(await graph.ask(`{ ${field} }`, who)).toEqual({ data: { [name]: value }, errors: [], asked: ['people'] });
  });
});

describe('policies', () => {
  const table = { scopes: { contact: ['window'], read: ['department:*'] }, policies: { vip: ['bureau'] } };

  test('are what the table gives to roles', async () => {
    expect((await graph.ask('{ vip }', { roles: ['bureau'], table })).data).toEqual({ vip: 'v' });
    expect((await graph.ask('{ vip }', { roles: ['window'], table })).data).toEqual({ vip: null });
    expect((await graph.ask('{ vip }', { roles: ['bureau'] })).data).toEqual({ vip: null });
  });

  test('are decided by a hook where there is one', async () => {
    const hook = vi.fn((policy: string, { subject }: { subject: string }) => policy === 'vip' && subject === 'boss');
    expect((await graph.ask('{ vip }', { subject: 'boss', hook })).data).toEqual({ vip: 'v' });
    expect((await graph.ask('{ vip }', { subject: 'clerk', hook })).data).toEqual({ vip: null });
    expect((await graph.ask('{ vip }', { subject: 'anonymous', hook })).data).toEqual({ vip: null });
    expect(hook).toHaveBeenCalledTimes(2);
  });

  test('of scopes come from roles too', async () => {
    const phone = async (...roles: string[]) => (await graph.ask('{ person { phone } }', { roles, table })).data;
    expect(await phone('window')).toEqual({ person: { phone: null } });
    expect(await phone('window', 'department:drug')).toEqual({ person: { phone: '1' } });
  });
});

describe('guards of several subgraphs', () => {
  const shared = (name: string, guard: string) => ({
    name,
    sdl: `${link('@authenticated', '@requiresScopes')} type Query { shared: String @shareable ${guard} }`,
    resolvers: { Query: { shared: () => 's' } },
  });
  const both = new GuardedGraph([
    shared('one', '@requiresScopes(scopes: [["a"], ["b"]])'),
    shared('two', '@requiresScopes(scopes: [["c"]]) @authenticated'),
  ]);

  test.for([
    [['a'], null],
    [['c'], null],
    [['a', 'c'], 's'],
    [['b', 'c'], 's'],
  ] as const)('are joined: all of them, by any of their lists: %j', async ([scopes, value]) => {
    expect((await both.ask('{ shared }', { scopes })).data).toEqual({ shared: value });
  });
});

describe('interfaces', () => {
  const sdl = `${link('@authenticated', '@requiresScopes')}
    type Query { node: Node  nodes: [Node]  thing: Thing  open: Open }
    interface Node { id: ID!  label: String }
    type Open implements Node { id: ID!  label: String  plain: String }
    type Half implements Node { id: ID!  label: String @requiresScopes(scopes: [["label"]]) }
    type Secret implements Node @requiresScopes(scopes: [["secret"]]) { id: ID!  label: String  hidden: String }
    union Thing = Open | Secret
  `;
  const rows = [
    { __typename: 'Open', id: '1', label: 'one', plain: 'p' },
    { __typename: 'Half', id: '2', label: 'two' },
    { __typename: 'Secret', id: '3', label: 'three', hidden: 'h' },
  ];
  const nodes = new GuardedGraph([
    { name: 'nodes', sdl, resolvers: { Query: { nodes: () => rows, node: () => rows[2], thing: () => rows[2], open: () => rows[0] } } },
  ]);

  test('ask what any of their types asks, field by field', async () => {
    const query = '{ nodes { __typename label } }';
    expect(await nodes.ask(query, {})).toMatchObject({
      data: {
        nodes: [
          { __typename: 'Open', label: null },
          { __typename: 'Half', label: null },
          { __typename: 'Secret', label: null },
        ],
      },
      errors: unauthorized(['nodes', '@', 'label']),
    });
    expect((await nodes.ask(query, { scopes: ['secret'] })).errors).toEqual(unauthorized(['nodes', '@', 'label']));
    expect(await nodes.ask(query, { scopes: ['secret', 'label'] })).toMatchObject({
      data: { nodes: [{ label: 'one' }, { label: 'two' }, { label: 'three' }] },
      errors: [],
    });
  });

  test('are open through fragments on types that one may read', async () => {
    const query = '{ nodes { __typename ... on Open { id label plain } ... on Half { id } ... on Secret { key: id hidden } } }';
    expect(await nodes.ask(query, {})).toMatchObject({
      data: { nodes: [{ __typename: 'Open', id: '1', label: 'one', plain: 'p' }, { __typename: 'Half', id: '2' }, null] },
      errors: unauthorized(['nodes', '@', 'key'], ['nodes', '@', 'hidden']),
    });
    expect((await nodes.ask(query, { scopes: ['secret'] })).data?.['nodes']).toHaveLength(3);
  });

  test('never let a row through by a fragment on the interface', async () => {
    const { data, errors } = await nodes.ask(
      '{ node { ...F } thing { ... on Node { label } } } fragment F on Node { label ... on Node { again: label } }',
      {},
    );
    expect(data).toEqual({ node: { label: null, again: null }, thing: { label: null } });
    expect(errors).toEqual(unauthorized(['node', 'label'], ['node', 'again'], ['thing', 'label']));
  });

  test('of union members only fragments are asked', async () => {
    const query = '{ thing { __typename ... on Open { plain } ... on Secret { hidden } } }';
    expect(await nodes.ask(query, {})).toMatchObject({
      data: { thing: { __typename: 'Secret', hidden: null } },
      errors: unauthorized(['thing', 'hidden']),
    });
  });
});

describe('what one field needs of another', () => {
  const prices = {
    name: 'prices',
    sdl: `${link('@requiresScopes')}
      type Query { product: Product }
      type Product @key(fields: "id code") { id: ID!  code: String! @requiresScopes(scopes: [["code"]])  price: Int @requiresScopes(scopes: [["price"]]) }`,
    resolvers: { Query: { product: () => ({ id: '1', code: 'C-1', price: 5 }) } },
  };
  const shipping = (guard: string) => ({
    name: 'shipping',
    sdl: `${link('@requiresScopes')}
      type Product @key(fields: "id code") { id: ID!  code: String!  price: Int @external  weight: Int  shipping: Int @requires(fields: "price") ${guard} }`,
    resolvers: {
      Product: { __resolveReference: (row: object) => row, shipping: ({ price }: { price: number }) => price * 2, weight: () => 7 },
    },
  });

  test('is fetched inside only with what the field asked for allows', async () => {
    const products = new GuardedGraph([prices, shipping('@requiresScopes(scopes: [["price"]])')]);
    expect(await products.ask('{ product { id shipping } }', {})).toEqual({
      data: { product: { id: '1', shipping: null } },
      errors: unauthorized(['product', 'shipping']),
      asked: ['prices'],
    });
    expect(await products.ask('{ product { id shipping } }', { scopes: ['price'] })).toEqual({
      data: { product: { id: '1', shipping: 10 } },
      errors: [],
      asked: ['prices', 'shipping'],
    });
  });

  test('without a guard of its own does not compose', () => {
    const { errors } = composeServices([prices, shipping('')].map(({ name, sdl }) => ({ name, typeDefs: parse(sdl) })));
    expect(errors?.map(({ extensions }) => extensions['code'])).toContain('MISSING_TRANSITIVE_AUTH_REQUIREMENTS');
  });

  test('as a key is brought for other fields, and not shown', async () => {
    const products = new GuardedGraph([prices, shipping('@requiresScopes(scopes: [["price"]])')]);
    const { data, errors, asked } = await products.ask('{ product { weight code } }', {});
    // the key was fetched, as `weight` can't be had without it; `code` may not be null, so its object goes
    expect(asked).toEqual(['prices', 'shipping']);
    expect(errors).toEqual(unauthorized(['product', 'code']));
    expect(JSON.stringify(data)).not.toContain('C-1');
    expect(data).toEqual({ product: null });
  });
});

describe('an operation', () => {
  test('is refused as a whole where the gateway is told to', async () => {
    const strict = new GuardedGraph([PEOPLE, RECORDS], true);
    expect(await strict.ask('{ person { name record } vault { gold } }', {})).toEqual({
      data: null,
      errors: unauthorized(['person', 'record'], ['vault']),
      asked: [],
    });
    expect((await strict.ask('{ person { name } }', undefined)).errors).toEqual([]);
  });

  test('is planned once for everybody to whom its guards say the same', async () => {
    const fresh = new GuardedGraph([PEOPLE, RECORDS]);
    const planned = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan');
    const query = '{ person { name record } }';
    for (const who of [undefined, {}, { scopes: ['vault'] }, { roles: ['bureau'] }]) await fresh.ask(query, who);
    expect(planned).toHaveBeenCalledTimes(1);
    for (const scopes of [['record'], ['record', 'vault'], ['record', 'all']]) await fresh.ask(query, { scopes });
    expect(planned).toHaveBeenCalledTimes(2);
    // without a guard there is nothing to tell apart
    for (const scopes of [[], ['record']]) await fresh.ask('{ person { name } }', { scopes });
    expect(planned).toHaveBeenCalledTimes(3);
  });

  test('whose fragments double at every level is looked at once per fragment, and told of a bounded number of places', () => {
    const levels = 60;
    const doubled = Array.from({ length: levels }, (_, i) => `fragment F${i} on Person { ...F${i + 1} ... on Person { ...F${i + 1} } }`);
    const document = parse(`{ person { ...F0 } } ${doubled.join(' ')} fragment F${levels} on Person { record }`);
    const rules = { allows: (_: unknown, field: string) => field !== 'record' && field !== 'gold' };
    const { cut } = cutDocument(graph.graph.generation.apiSchema, document, document.definitions[0] as OperationDefinitionNode, rules);
    expect(cut).toEqual([['person', 'record']]);
    const aliased = Array.from({ length: 20 }, (_, i) => `fragment F${i} on Vault { a: more { ...F${i + 1} } b: more { ...F${i + 1} } }`);
    const tree = parse(`{ vault { ...F0 } } ${aliased.join(' ')} fragment F20 on Vault { gold }`);
    const told = cutDocument(graph.graph.generation.apiSchema, tree, tree.definitions[0] as OperationDefinitionNode, rules);
    expect(told.cut).toHaveLength(1_000);
  });
});
