import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventFeed } from '../../../../subgraphs/kit/feed/event-feed.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { applyDeclaration } from '../../../../subgraphs/platform/catalog/apply-declaration.js';
import { readDeclaration } from '../../../../subgraphs/platform/catalog/declaration.js';
import { startCatalog } from '../../../../subgraphs/platform/catalog/index.js';
import { CATALOG_STORE, knownDepartments } from '../../../../subgraphs/platform/catalog/tables.js';
import { testEnvironment } from '../../../support/environment.js';
import { openFiles, STORES } from '../../../support/stores.js';
import { refusal } from '../registry/registry-fixture.js';
import { CatalogClient, item } from './catalog-fixture.js';

const DEPARTMENTS = ['drug', 'housing', 'human-resources'] as const;
const KINDS = ['LICENSE', 'FILING'] as const;
const STATES = ['ACTIVE', 'RETIRED'] as const;
/** Words as names have them, and characters that a pattern would not take literally. */
const WORDS = ['药品', '经营', '许可', '医疗器械', '核减', '仓库', 'GMP', 'Gmp', '100%', 'a_b', 'c\\d', "o'x", '(批发)', 'Ⅱ类', '!'];

interface Model {
  departmentCode: string;
  code: string;
  name: string;
  kind: string;
  state: string;
}

const model = fc
  .record({
    departmentCode: fc.constantFrom(...DEPARTMENTS),
    code: fc.stringMatching(/^[a-c0-2]{1,3}$/),
    name: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join('')),
    kind: fc.constantFrom(...KINDS),
    state: fc.constantFrom(...STATES),
  })
  .map((one): Model => one);
const models = fc.uniqueArray(model, { maxLength: 60, selector: ({ departmentCode, code }) => `${departmentCode} ${code}` });
const filters = fc.record(
  {
    text: fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }).map((words) => words.join(' ')),
    kind: fc.constantFrom(...KINDS, null),
    departmentCode: fc.constantFrom(...DEPARTMENTS, null),
    state: fc.constantFrom(...STATES, null),
  },
  { requiredKeys: [] },
);
type Filter = Partial<{ text: string; kind: string | null; departmentCode: string | null; state: string | null }>;

const plain = (text: string) => text.normalize('NFKC').toLowerCase();

/** What a filter means, said once more and without a database. */
function matching(all: readonly Model[], filter: Filter): string[] {
  const state = filter.state === undefined ? 'ACTIVE' : filter.state;
  return all
    .filter((one) => (state === null || one.state === state) && (filter.kind == null || one.kind === filter.kind))
    .filter((one) => filter.departmentCode == null || one.departmentCode === filter.departmentCode)
    .filter(({ name }) =>
      plain(filter.text ?? '')
        .split(/\s+/)
        .every((word) => plain(name).includes(word)),
    )
    .map(keyOf)
    .sort();
}

const keyOf = ({ departmentCode, code }: Pick<Model, 'departmentCode' | 'code'>) => `${departmentCode} ${code}`;

/** Makes the directory hold exactly what the model says. */
async function fill(storeUrl: string, all: readonly Model[]): Promise<void> {
  await using store = await openStore(storeAddress(storeUrl, 'catalog'), CATALOG_STORE);
  await store.fork().execute('delete from service_item');
  const feed = await EventFeed.open(store);
  for (const code of DEPARTMENTS) await declare(feed, code, all);
}

async function declare(feed: EventFeed, code: string, all: readonly Model[]): Promise<void> {
  const em = feed.store.fork();
  let row = await em.findOne(knownDepartments, code);
  if (row === null) {
    const address = { url: 'http://x.test', subscriptionUrl: 'ws://x.test' };
    row = em.create(knownDepartments, {
      code,
      name: code,
      affiliation: 'PROVINCIAL',
      ...address,
      registration: '',
      refreshedAt: null,
      revision: 0,
    });
    await em.flush();
  }
  const items = all.filter(({ departmentCode }) => departmentCode === code).map((one) => item(one.code, { ...one }));
  const declaration = readDeclaration(code, items);
  expect(declaration.problems).toEqual([]);
  expect(await applyDeclaration(feed, row, declaration, new Date())).toBeDefined();
}

const PAGE = `query($filter: ServiceItemFilter, $first: Int, $after: String) {
  serviceItems(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node { departmentCode code } } } }`;

async function pages(client: CatalogClient, filter: Filter, first: number, between?: (page: number) => Promise<void>) {
  const keys: string[] = [];
  let after: string | null = null;
  let total = 0;
  for (let page = 0; ; page++) {
    const { serviceItems }: Record<string, any> = await client.ask(PAGE, { filter, first, after });
    keys.push(...serviceItems.edges.map(({ node }: { node: Model }) => keyOf(node)));
    total = serviceItems.totalCount;
    if (!serviceItems.pageInfo.hasNextPage) return { keys, total, pages: page + 1 };
    after = serviceItems.pageInfo.endCursor;
    expect(serviceItems.edges).toHaveLength(first);
    await between?.(page);
  }
}

describe.each(STORES)('the list of items on $name', ({ name, skip, open }) => {
  test.skipIf(skip)('its pages, put together, are what the filter means: all of it, once, in order', async () => {
    await using files = await open();
    const environment = await testEnvironment(files.url);
    await using catalog = await startCatalog(environment);
    const client = new CatalogClient(environment, catalog);
    const numRuns = name.startsWith('node:sqlite') ? 40 : 15;
    await fc.assert(
      fc.asyncProperty(
        models,
        fc.array(filters, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 20 }),
        async (all, wanted, first) => {
          await fill(files.url, all);
          for (const filter of wanted) {
            const expected = matching(all, filter);
            const found = await pages(client, filter, first);
            expect(found.keys.toSorted()).toEqual(expected);
            expect(found.total).toBe(expected.length);
            expect(found.keys).toEqual((await pages(client, filter, 200)).keys);
            expect(found.pages).toBe(Math.max(1, Math.ceil(expected.length / first)));
          }
        },
      ),
      { numRuns },
    );
  });

  test.skipIf(skip)('is not shaken by items that come while it is read', async () => {
    await using files = await open();
    const environment = await testEnvironment(files.url);
    await using catalog = await startCatalog(environment);
    await using store = await openStore(storeAddress(files.url, 'catalog'), CATALOG_STORE);
    const feed = await EventFeed.open(store);
    const client = new CatalogClient(environment, catalog);
    const of = (code: string): Model => ({ departmentCode: 'drug', code, name: code, kind: 'LICENSE', state: 'ACTIVE' });
    const all = Array.from({ length: 20 }, (_, index) => of(`i${String(index * 2).padStart(2, '0')}`));
    await declare(feed, 'drug', all);
    const before = matching(all, {});
    const { keys } = await pages(client, {}, 3, async (page) => {
      all.push(of(`i${String(page * 8 + 1).padStart(2, '0')}`));
      await declare(feed, 'drug', all);
    });
    // what was there is there, once and in order, whatever else is
    expect(keys.filter((key) => before.includes(key))).toEqual(before);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(keys.toSorted());
  });

  test.skipIf(skip)('finds Chinese names by words in any order, whatever their width or case', async () => {
    await using files = await open();
    const environment = await testEnvironment(files.url);
    await using catalog = await startCatalog(environment);
    const client = new CatalogClient(environment, catalog);
    const names = ['药品经营许可(批发)核减仓库', '第二类医疗器械产品注册', '药品GMP符合性检查', '100%抽检', '1000抽检'];
    await fill(
      files.url,
      names.map((name, index) => ({ departmentCode: 'drug', code: `n${index}`, name, kind: 'LICENSE', state: 'ACTIVE' })),
    );
    const found: [string, string[]][] = [
      ['仓库 许可', ['药品经营许可(批发)核减仓库']],
      ['许可 仓库', ['药品经营许可(批发)核减仓库']],
      ['(批发)', ['药品经营许可(批发)核减仓库']],
      ['药品', ['药品经营许可(批发)核减仓库', '药品GMP符合性检查']],
      ['gmp', ['药品GMP符合性检查']],
      ['100%', ['100%抽检']],
      ['%', ['100%抽检']],
      ['_', []],
      ['许可 注册', []],
      [' ', names],
    ];
    for (const [text, expected] of found) expect([text, (await client.names({ text })).toSorted()]).toEqual([text, expected.toSorted()]);
  });
});

test('entities come in the order they were asked for, an unknown one as null', async () => {
  await using files = await openFiles();
  const environment = await testEnvironment(files.url);
  await using catalog = await startCatalog(environment);
  const of = (departmentCode: string, code: string): Model => ({
    departmentCode,
    code,
    name: `${departmentCode}-${code}`,
    kind: 'LICENSE',
    state: 'ACTIVE',
  });
  await fill(files.url, [of('drug', 'a'), of('drug', 'b'), of('housing', 'a'), { ...of('housing', 'old'), state: 'RETIRED' }]);
  const keys = [
    ['housing', 'a'],
    ['drug', 'b'],
    ['drug', 'none'],
    ['tax', 'a'],
    ['drug', 'A'],
    ['housing', 'old'],
    ['drug', 'a'],
    ['drug', 'b'],
  ];
  const representations = keys.map(([departmentCode, code]) => ({ __typename: 'ServiceItem', departmentCode, code }));
  const { _entities: entities } = await new CatalogClient(environment, catalog).ask(
    'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on ServiceItem { name department { code } } } }',
    { representations },
  );
  expect(entities.map((one: { name: string } | null) => one?.name ?? null)).toEqual([
    'housing-a',
    'drug-b',
    null,
    null,
    null,
    'housing-old',
    'drug-a',
    'drug-b',
  ]);
});

test('bad input is told by code', async () => {
  const environment = await testEnvironment('memory:');
  await using catalog = await startCatalog(environment);
  const client = new CatalogClient(environment, catalog);
  const foreign = Buffer.from(JSON.stringify(['catalogueProblems', 'drug', 1])).toString('base64url');
  const cases: [string, Record<string, unknown>][] = [
    ['BAD_USER_INPUT', { first: 0 }],
    ['BAD_USER_INPUT', { first: 201 }],
    ['BAD_USER_INPUT', { filter: { text: '字'.repeat(101) } }],
    ['BAD_USER_INPUT', { filter: { text: 'a b c d e f g h i j k' } }],
    ['CURSOR_INVALID', { after: 'nonsense' }],
    ['CURSOR_FOREIGN', { after: foreign }],
  ];
  for (const [code, variables] of cases) expect((await refusal(client.ask(PAGE, variables))).code).toBe(code);
  const stream = client.follow('nonsense');
  await expect(stream.next()).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
});
