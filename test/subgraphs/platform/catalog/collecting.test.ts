import { describe, expect, test } from 'vitest';
import { startCatalog } from '../../../../subgraphs/platform/catalog/index.js';
import { ItemEventKind } from '../../../../subgraphs/platform/catalog/types/item-event-kind.js';
import { startRegistry } from '../../../../subgraphs/platform/registry/index.js';
import { CONTRACT_SDL } from '../../../schema/department-fixture.js';
import { testEnvironment } from '../../../support/environment.js';
import type { TestStore } from '../../../support/stores.js';
import { DRIVERS, RegistryClient, refusal, UNASKED } from '../registry/registry-fixture.js';
import { CatalogClient, FakeDepartment, item } from './catalog-fixture.js';

/** Nothing happens by time alone, unless a test says so. */
const NEVER = 3_600_000;
const OPTIONS = { refreshInterval: NEVER, backoff: { first: 5, most: 20 } };

/** A registry, the one thing a catalogue needs beside departments. */
async function world(files: TestStore) {
  const environment = await testEnvironment(files.url);
  const registry = await startRegistry(environment, { expectedPlatform: ['catalog'], endpoints: UNASKED });
  return { environment: { ...environment, registry }, registry };
}

describe.each(DRIVERS)('the catalogue on $name', ({ skip, open }) => {
  test.skipIf(skip)('fills from a department that registers, and follows its changes', async () => {
    await using files = await open();
    const { environment, registry } = await world(files);
    await using _registry = registry;
    await using catalog = await startCatalog(environment, OPTIONS);
    await catalog.registered;
    await using drug = await FakeDepartment.start('drug', [item('a'), item('b', { kind: 'FILING' })]);
    await drug.register(environment);
    const client = new CatalogClient(environment, catalog);

    const events = await client.events(2);
    expect(events[0]).toMatchObject({
      kind: 'DECLARED',
      departmentCode: 'drug',
      itemCode: 'a',
      name: '药品经营许可 a',
      itemKind: 'LICENSE',
      state: 'ACTIVE',
      guideVersion: 1,
      promisedDays: 10,
      statutoryDays: 20,
      materials: [{ code: 'm1', name: '申请表', required: true, electronic: true, shared: false }],
      formFields: [{ name: 'address', label: '仓库地址', required: true }],
    });
    // asked as the platform, by a token for this department alone
    expect(await environment.verifier.verify(drug.tokens[0], 'drug')).toMatchObject({ subject: 'platform:catalog', roles: ['platform'] });

    expect(await client.refresh('drug')).toEqual({ department: { code: 'drug' }, declared: 0, changed: 0, retired: 0, problems: 0 });
    drug.items = [item('a', { guide: { version: 2, promisedDays: 5 } }), item('c')];
    expect(await client.refresh('drug', 'admin')).toMatchObject({ declared: 1, changed: 1, retired: 1 });
    drug.items = [item('a', { guide: { version: 2, promisedDays: 5 } }), item('b', { kind: 'FILING' }), item('c', { state: 'RETIRED' })];
    expect(await client.refresh('drug')).toMatchObject({ declared: 1, changed: 0, retired: 1 });
    expect((await client.events(7)).map(({ kind, itemCode, state }) => [kind, itemCode, state])).toEqual([
      ['DECLARED', 'a', 'ACTIVE'],
      ['DECLARED', 'b', 'ACTIVE'],
      ['CHANGED', 'a', 'ACTIVE'],
      ['RETIRED', 'b', 'RETIRED'],
      ['DECLARED', 'c', 'ACTIVE'],
      ['DECLARED', 'b', 'ACTIVE'],
      ['RETIRED', 'c', 'RETIRED'],
    ]);
    // a feed resumes after any cursor
    expect((await client.events(5, events[1]?.cursor))[0]).toMatchObject({ kind: 'CHANGED', itemCode: 'a' });

    expect(await client.names()).toEqual(['药品经营许可 a', '药品经营许可 b']);
    expect(await client.names({ state: 'RETIRED' })).toEqual(['药品经营许可 c']);
    expect(await client.names({ state: null })).toHaveLength(3);
    expect(await client.names({ kind: 'FILING' })).toEqual(['药品经营许可 b']);
    expect(await client.names({ departmentCode: 'tax' })).toEqual([]);
    // withdrawn is not deleted
    expect(await client.ask('{ serviceItem(departmentCode: "drug", code: "c") { state department { code } } }')).toEqual({
      serviceItem: { state: 'RETIRED', department: { code: 'drug' } },
    });
    expect(await new RegistryClient(environment, registry).supergraph()).toMatchObject({ departments: [{ code: 'drug' }] });
  });

  test.skipIf(skip)('offers nothing of a department that was rolled back out of the graph, until it is published again', async () => {
    await using files = await open();
    const { environment, registry } = await world(files);
    await using _registry = registry;
    await using catalog = await startCatalog(environment, OPTIONS);
    await catalog.registered;
    await using drug = await FakeDepartment.start('drug', [item('a')]);
    await drug.register(environment);
    const client = new CatalogClient(environment, catalog);
    const [declared] = await client.events(1);
    const admin = new RegistryClient(environment, registry);

    await admin.ask('mutation { rollbackSupergraph(input: { number: 1 }) { supergraphVersion { number } } }', {}, 'admin');
    const [retired] = await client.events(1, declared?.cursor);
    expect(retired).toMatchObject({ kind: 'RETIRED', departmentCode: 'drug', itemCode: 'a', state: 'RETIRED' });
    expect(await client.names()).toEqual([]);
    const asked = drug.tokens.length;
    expect(await client.refresh('drug')).toMatchObject({ declared: 0, changed: 0, retired: 0 });
    expect(drug.tokens).toHaveLength(asked);

    const input = { departmentCode: 'drug', url: drug.url, subscriptionUrl: drug.url.replace('http', 'ws'), sdl: CONTRACT_SDL };
    await admin.ask('mutation($input: PublishDepartmentInput!) { publishDepartment(input: $input) { outcome } }', { input }, 'admin');
    const [back] = await client.events(1, retired?.cursor);
    expect(back).toMatchObject({ kind: 'DECLARED', itemCode: 'a', state: 'ACTIVE' });
    expect(await client.names()).toEqual(['药品经营许可 a']);
  });

  test.skipIf(skip)('refuses unusable items one by one, and keeps what it had of them', async () => {
    await using files = await open();
    const { environment, registry } = await world(files);
    await using _registry = registry;
    await using catalog = await startCatalog(environment, OPTIONS);
    await using drug = await FakeDepartment.start('drug', [item('good'), item('turns-bad')]);
    await drug.register(environment);
    const client = new CatalogClient(environment, catalog);
    await client.events(2);

    const bad: [string, Record<string, any> | null, RegExp][] = [
      ['no-guide', { ...item('no-guide'), guide: null }, /guide/],
      ['no-basis', item('no-basis', { guide: { legalBasis: [] } }), /guide\.legalBasis: is empty/],
      ['blank', item('blank', { guide: { fee: ' ' } }), /guide\.fee: is blank/],
      ['no-limit', item('no-limit', { guide: { statutoryDays: 0, promisedDays: 0 } }), /statutoryDays/],
      ['negative', item('negative', { guide: { promisedDays: -1 } }), /promisedDays/],
      ['longer', item('longer', { guide: { promisedDays: 21 } }), /longer than the statutory/],
      ['foreign', item('foreign', { departmentCode: 'tax' }), /another department/],
      ['kind', item('kind', { kind: 'MAGIC' }), /kind/],
      ['twice', item('twice', { guide: { materials: Array(2).fill(item('x')['guide'].materials[0]) } }), /same code twice/],
      ['half', item('half', { name: '\ud800' }), /well-formed/],
      ['GOOD', item('GOOD'), /differs from good in case only/],
      ['good', item('good', { name: 'again' }), /same code twice/],
      ['turns-bad', item('turns-bad', { guide: { consultation: [] } }), /consultation/],
      ['not a code', item('not a code'), /code: must be/],
    ];
    drug.items = [item('good'), ...bad.map(([, one]) => one), item('same-day', { guide: { promisedDays: 0 } }), null, 7];
    expect(await client.refresh('drug')).toMatchObject({ declared: 1, changed: 0, retired: 0, problems: bad.length + 2 });
    const problems = await client.problems();
    expect(problems).toHaveLength(bad.length + 2);
    for (const [index, [code, , reason]] of bad.entries()) {
      expect(problems[index]).toMatchObject({ departmentCode: 'drug', itemCode: code, reason: expect.stringMatching(reason) });
    }
    expect(await client.names()).toEqual(['药品经营许可 good', '药品经营许可 same-day', '药品经营许可 turns-bad']);
    // another spelling of a code that cases refer to already
    drug.items = [item('good'), item('same-day'), item('Turns-Bad')];
    expect(await client.refresh('drug')).toMatchObject({ declared: 0, changed: 1, retired: 1, problems: 1 });
    expect(await client.problems()).toMatchObject([{ itemCode: 'Turns-Bad', reason: expect.stringMatching(/which the catalogue has/) }]);
    drug.items = [item('good'), bad[1]?.[1], item('same-day'), item('turns-bad')];
    await client.refresh('drug');
    const [since] = await client.problems();
    // a problem that stays keeps its date; one that is mended goes
    drug.items = [item('good'), bad[0]?.[1], bad[1]?.[1], item('same-day')];
    await client.refresh('drug');
    expect((await client.problems())[1]).toEqual(since);
    drug.items = [item('good'), bad[1]?.[1], item('same-day'), item('turns-bad')];
    await client.refresh('drug');
    expect(await client.problems()).toEqual([since]);
    for (const roles of [[], ['applicant'], ['department:drug']]) {
      expect((await refusal(client.ask('{ catalogueProblems { totalCount } }', {}, ...roles))).code).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    }
  });

  test.skipIf(skip)('a department that is down costs nothing else, and is asked until it is back', async () => {
    await using files = await open();
    const { environment, registry } = await world(files);
    await using _registry = registry;
    await using catalog = await startCatalog(environment, OPTIONS);
    const client = new CatalogClient(environment, catalog);
    await using drug = await FakeDepartment.start('drug', [item('a')]);
    await using tax = await FakeDepartment.start('tax', [item('t', { departmentCode: 'tax', name: '税务登记' })]);
    await drug.register(environment);
    await client.events(1);
    await drug.close();
    const down = await refusal(client.refresh('drug'));
    expect(down).toMatchObject({ code: 'DEPARTMENT_UNAVAILABLE', extensions: { department: 'drug' } });
    expect(down.message).not.toMatch(/127\.0\.0\.1/);
    expect(await client.problems()).toMatchObject([
      { departmentCode: 'drug', itemCode: null, reason: expect.stringContaining('ECONNREFUSED') },
    ]);

    await tax.register(environment);
    expect((await client.events(2))[1]).toMatchObject({ departmentCode: 'tax' });
    expect(await client.names()).toEqual(['药品经营许可 a', '税务登记']);

    // back, with other items; nobody asks for it
    drug.items = [item('a'), item('b')];
    await drug.open();
    expect((await client.events(3))[2]).toMatchObject({ departmentCode: 'drug', itemCode: 'b' });
    expect(await client.problems()).toEqual([]);
    expect((await refusal(client.refresh('nobody'))).code).toBe('UNKNOWN_DEPARTMENT');
    expect((await refusal(client.refresh('drug', 'department:drug'))).code).toBe('FORBIDDEN');
  });

  test.skipIf(skip)('asks every few minutes, and goes on after a restart where it was', async () => {
    await using files = await open();
    const { environment, registry } = await world(files);
    await using _registry = registry;
    await using drug = await FakeDepartment.start('drug', [item('a')]);
    await using elsewhere = await FakeDepartment.start('drug', [item('a'), item('moved')]);
    let cursor: string | undefined;
    {
      await using catalog = await startCatalog(environment, { ...OPTIONS, refreshInterval: 10 });
      await drug.register(environment);
      cursor = (await new CatalogClient(environment, catalog).events(1))[0]?.cursor;
      drug.items = [item('a'), item('b')];
      expect((await new CatalogClient(environment, catalog).events(1, cursor))[0]).toMatchObject({ itemCode: 'b' });
    }
    drug.items = [item('a')];
    // registered anew while the catalogue is away
    await elsewhere.register(environment);
    await using catalog = await startCatalog(environment, OPTIONS);
    const client = new CatalogClient(environment, catalog);
    const events = await client.events(3, cursor);
    expect(events.map(({ kind, itemCode }) => `${kind} ${itemCode}`).sort()).toEqual(['DECLARED b', 'DECLARED moved', 'RETIRED b']);
  });

  test.skipIf(skip)('two instances on one store take every change over once', async () => {
    await using files = await open();
    const { environment, registry } = await world(files);
    await using _registry = registry;
    await using one = await startCatalog(environment, OPTIONS);
    await using two = await startCatalog(environment, OPTIONS);
    await using drug = await FakeDepartment.start(
      'drug',
      Array.from({ length: 30 }, (_, index) => item(`i${index}`)),
    );
    await drug.register(environment);
    const clients = [one, two].map((catalog) => new CatalogClient(environment, catalog));
    await clients[0]?.events(30);
    drug.items = [item('last')];
    await Promise.all(clients.flatMap((client) => [client.refresh('drug'), client.refresh('drug')]));
    const events = (await clients[1]?.events(61)) ?? [];
    expect(events.filter(({ kind }) => kind === ItemEventKind.RETIRED)).toHaveLength(30);
    expect(new Set(events.map(({ kind, itemCode }) => `${kind} ${itemCode}`)).size).toBe(61);
  });
});
