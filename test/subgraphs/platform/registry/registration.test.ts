import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { startRegistry } from '../../../../subgraphs/platform/registry/index.js';
import { CONTRACT_SDL, departmentSdl } from '../../../schema/department-fixture.js';
import { testEnvironment } from '../../../support/environment.js';
import { DRIVERS, departmentInput, platformInput, RegistryClient, refusal, UNASKED } from './registry-fixture.js';

const PLATFORM = { expectedPlatform: ['registry', 'ledger'], endpoints: UNASKED };

async function everything(client: RegistryClient) {
  const { departments } = await client.ask('{ departments { code name affiliation registeredAt updatedAt } }');
  return { departments, supergraph: await client.supergraph() };
}

describe.each(DRIVERS)('registration on $name', ({ skip, open }) => {
  test.skipIf(skip)('composes once the platform is complete, and versions every change', async () => {
    await using files = await open();
    const environment = await testEnvironment(files.url);
    await using registry = await startRegistry(environment, PLATFORM);
    const client = new RegistryClient(environment, registry);

    expect(await client.department(departmentInput('drug', departmentSdl('drug')))).toBeNull();
    expect(await client.supergraph()).toBeNull();
    const first = await client.platform(platformInput('ledger'));
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    const composed = await client.supergraph();
    expect(composed).toMatchObject({
      version: first,
      departments: [{ code: 'drug', url: 'http://drug.test/graphql', subscriptionUrl: 'ws://drug.test/graphql', extension: true }],
    });
    expect(composed?.sdl).toContain(registry.url);
    expect(await client.supergraph(first as string)).toBeNull();

    const second = await client.department(departmentInput('housing'), 'admin');
    expect(second).not.toBe(first);
    expect((await client.supergraph(first as string))?.departments.map(({ code, extension }) => [code, extension])).toEqual([
      ['drug', true],
      ['housing', false],
    ]);
    expect(await client.ask('{ department(code: "drug") { code name affiliation } gone: department(code: "tax") { code } }')).toEqual({
      department: { code: 'drug', name: 'drug局', affiliation: 'PROVINCIAL' },
      gone: null,
    });
  });

  test.skipIf(skip)('the same again changes nothing; another URL alone makes a version and an event', async () => {
    await using files = await open();
    const environment = await testEnvironment(files.url);
    await using registry = await startRegistry(environment, PLATFORM);
    const client = new RegistryClient(environment, registry);
    await client.platform(platformInput('ledger'));
    const first = await client.department(departmentInput('drug', departmentSdl('drug')));
    const before = await everything(client);
    expect(await client.department(departmentInput('drug', departmentSdl('drug')))).toBe(first);
    expect(await client.platform(platformInput('ledger'))).toBe(first);
    expect(await everything(client)).toEqual(before);

    const moved = await client.department(departmentInput('drug', departmentSdl('drug'), 'drug-2'));
    expect(moved).not.toBe(first);
    const supergraph = await client.supergraph();
    expect(supergraph?.departments).toEqual([
      { code: 'drug', url: 'http://drug-2.test/graphql', subscriptionUrl: 'ws://drug-2.test/graphql', extension: true },
    ]);
    expect(supergraph?.sdl).toBe(before.supergraph?.sdl.replace('http://drug.test/graphql', 'http://drug-2.test/graphql'));
    // home again: the graph that was in force before, under its old version
    expect(await client.department(departmentInput('drug', departmentSdl('drug')))).toBe(first);
    expect(await client.supergraph()).toEqual(before.supergraph);

    await client.department(departmentInput('housing'));
    const events = await client.events(4);
    expect(events.map(({ kind, departmentCode, url }) => [kind, departmentCode, url])).toEqual([
      ['REGISTERED', 'drug', 'http://drug.test/graphql'],
      ['CHANGED', 'drug', 'http://drug-2.test/graphql'],
      ['CHANGED', 'drug', 'http://drug.test/graphql'],
      ['REGISTERED', 'housing', 'http://housing.test/graphql'],
    ]);
    // a feed resumes after any cursor
    expect(await client.events(2, events[1]?.cursor)).toEqual(events.slice(2));
  });

  test.skipIf(skip)('what is refused changes nothing, and says why', async () => {
    await using files = await open();
    const environment = await testEnvironment(files.url);
    await using registry = await startRegistry(environment, PLATFORM);
    const client = new RegistryClient(environment, registry);
    await client.platform(platformInput('ledger'));
    await client.department(departmentInput('drug', departmentSdl('drug')));
    const before = await everything(client);

    const broken = await refusal(client.department(departmentInput('tax', CONTRACT_SDL.replace('  outcome: DecisionOutcome!\n', ''))));
    expect(broken.code).toBe('CONTRACT_VIOLATION');
    expect(broken.extensions['problems']).toMatchObject([{ member: 'Decision.outcome', code: 'MISSING_MEMBER' }]);
    // known already, it keeps what it published before
    expect((await refusal(client.department(departmentInput('drug', 'type Query {')))).code).toBe('CONTRACT_VIOLATION');

    const taken = await refusal(client.department(departmentInput('ledger')));
    expect(taken.code).toBe('COMPOSITION_FAILED');
    expect(taken.extensions['problems']).toMatchObject([{ department: 'ledger' }]);
    const wrong = await refusal(client.platform(platformInput('ledger', 'type Query { ledger: Missing }')));
    expect(wrong.code).toBe('COMPOSITION_FAILED');
    expect(JSON.stringify(wrong.extensions['problems'])).toContain('Missing');

    const valid = departmentInput('tax');
    const refused: [string, () => Promise<unknown>][] = [
      ['FORBIDDEN', () => client.department(valid, 'department:drug')],
      ['FORBIDDEN', () => client.department(valid, 'platform')],
      ['FORBIDDEN', () => client.platform(platformInput('other'), 'department:drug')],
      ['FORBIDDEN', () => client.ask('{ supergraph { version } }', {}, 'admin')],
      ['UNAUTHENTICATED', () => client.ask('{ supergraph { version } }')],
      ['PAYLOAD_TOO_LARGE', () => client.department({ ...valid, sdl: `${CONTRACT_SDL}#${'字'.repeat(180_000)}` })],
      ...['/graphql', 'ftp://tax.test/', 'http://user:secret@tax.test/', ' http://tax.test/', 'ws://tax.test/', 'http://tax.test/#x'].map(
        (url): [string, () => Promise<unknown>] => ['BAD_USER_INPUT', () => client.department({ ...valid, url })],
      ),
      ['BAD_USER_INPUT', () => client.department({ ...valid, subscriptionUrl: 'http://tax.test/' })],
      ['BAD_USER_INPUT', () => client.department({ ...valid, name: ' ' })],
      ['BAD_USER_INPUT', () => client.department({ ...valid, code: 'Tax' }, 'admin')],
      ['BAD_USER_INPUT', () => client.department({ ...valid, code: 'a'.repeat(33) }, 'admin')],
    ];
    for (const [code, call] of refused) {
      const error = await refusal(call());
      expect([error.code, error.message]).toEqual([code, expect.not.stringContaining('secret')]);
    }
    expect(await everything(client)).toEqual(before);
    // and no event was told: the next one follows the first
    await client.department(valid);
    expect((await client.events(2)).map(({ departmentCode }) => departmentCode)).toEqual(['drug', 'tax']);
  });

  test.skipIf(skip)('concurrent registrations at two instances lose nothing and mix nothing', async () => {
    await using files = await open();
    const environment = await testEnvironment(files.url);
    // every instance registers the one address that a balancer has
    const env = { ...environment, publicUrl: 'http://registry.test/graphql' };
    await using one = await startRegistry(env, PLATFORM);
    await using two = await startRegistry(env, PLATFORM);
    const clients = [new RegistryClient(environment, one), new RegistryClient(environment, two)] as const;
    const codes = Array.from({ length: 6 }, (_, index) => `dept-${index}`);
    await Promise.all([
      ...codes.map((code, index) => clients[index % 2 === 0 ? 0 : 1].department(departmentInput(code, departmentSdl(code)))),
      clients[1].platform(platformInput('ledger')),
    ]);
    for (const client of clients) {
      const supergraph = await client.supergraph();
      expect(supergraph?.departments.map(({ code }) => code)).toEqual(codes);
      expect(() => parse(supergraph?.sdl ?? '')).not.toThrow();
      for (const index of codes.keys()) expect(supergraph?.sdl).toContain(`dept${index}RoutesNearby`);
    }
    const events = await clients[0].events(codes.length);
    expect(new Set(events.map(({ departmentCode }) => departmentCode))).toEqual(new Set(codes));
  });

  test.skipIf(skip)('a restart on the same store serves the graph that was in force, whoever is missing', async () => {
    await using files = await open();
    const environment = await testEnvironment(files.url);
    const env = { ...environment, publicUrl: 'http://registry.test/graphql' };
    let before: unknown;
    let cursor: string | undefined;
    {
      await using registry = await startRegistry(env, PLATFORM);
      const client = new RegistryClient(environment, registry);
      await client.platform(platformInput('ledger'));
      await client.department(departmentInput('drug', departmentSdl('drug')));
      before = await everything(client);
      cursor = (await client.events(1))[0]?.cursor;
    }
    await using registry = await startRegistry(env, PLATFORM);
    const client = new RegistryClient(environment, registry);
    expect(await everything(client)).toEqual(before);
    await client.department(departmentInput('tax'));
    expect((await client.events(1, cursor)).map(({ departmentCode }) => departmentCode)).toEqual(['tax']);
  });
});

test('departments that contradict each other are told before the platform is complete', async () => {
  const environment = await testEnvironment('memory:');
  await using registry = await startRegistry(environment, PLATFORM);
  const client = new RegistryClient(environment, registry);
  const same = (code: string) => departmentInput(code, `${CONTRACT_SDL} extend type Query { drugSafetyReport: String }`);
  await client.department(same('drug'));
  const error = await refusal(client.department(same('drug-safety')));
  expect(error.code).toBe('COMPOSITION_FAILED');
  expect(error.extensions['problems']).toMatchObject([{ department: expect.any(String) }, { department: expect.any(String) }]);
  expect(await client.platform(platformInput('ledger'))).not.toBeNull();
});

test('platform subgraphs that compose with each other only are taken together', async () => {
  const environment = await testEnvironment('memory:');
  await using registry = await startRegistry(environment, { expectedPlatform: ['registry', 'ledger', 'feedback'], endpoints: UNASKED });
  const client = new RegistryClient(environment, registry);
  const shared = (name: string, type: string) =>
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
     type Query { ${name}: Grade } type Grade @shareable { value: ${type} }`;
  await client.platform(platformInput('ledger', shared('ledger', 'Int')));
  const first = await client.platform(platformInput('feedback', shared('feedback', 'Int')));
  expect((await refusal(client.platform(platformInput('ledger', shared('ledger', 'String'))))).code).toBe('COMPOSITION_FAILED');
  expect((await client.supergraph())?.version).toBe(first);
  expect(await client.platform(platformInput('feedback', shared('feedback', 'String')))).not.toBe(first);
  expect((await client.supergraph())?.sdl).toMatch(/type Grade[^}]*value: String/);
});

test('a department is an entity, loaded in one go', async () => {
  const environment = await testEnvironment('memory:');
  await using registry = await startRegistry(environment, { expectedPlatform: [], endpoints: UNASKED });
  const client = new RegistryClient(environment, registry);
  for (const code of ['drug', 'tax']) await client.department(departmentInput(code));
  const representations = ['tax', 'none', 'drug', 'tax'].map((code) => ({ __typename: 'Department', code }));
  const { _entities: found } = await client.ask(
    'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Department { name } } }',
    { representations },
  );
  expect(found).toEqual([{ name: 'tax局' }, null, { name: 'drug局' }, { name: 'tax局' }]);
  // the registry alone is a whole platform when no other is expected, and what is internal stays out of the public graph
  const supergraph = await client.supergraph();
  expect(supergraph?.sdl).toMatch(/registerDepartment\(input: RegisterDepartmentInput!\)[^\n]*@inaccessible/);
});
