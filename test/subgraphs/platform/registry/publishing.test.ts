import { describe, expect, test } from 'vitest';
import { departmentSdl } from '../../../schema/department-fixture.js';
import { CONTRACT_SDL, PublishingWorld, urlOf, without } from './publishing-fixture.js';
import { DRIVERS, departmentInput, refusal } from './registry-fixture.js';

const DAY = 24 * 60 * 60 * 1_000;
const failures = ({ checks }: any) => checks.filter(({ outcome }: any) => outcome === 'FAILED').map(({ kind }: any) => kind);
const ADDED = `${departmentSdl('drug')} extend type Case { drugNote: String }`;
const HEALTH = { departmentCode: 'health', name: '省卫生健康委', affiliation: 'PROVINCIAL', url: urlOf('health') };

describe.each(DRIVERS)('publishing on $name', ({ skip, open }) => {
  test.skipIf(skip)('a department joins, adds a field, and every step is on record', async () => {
    await using files = await open();
    await using world = await PublishingWorld.open(files.url);
    const joined = await world.publish({ ...HEALTH, reason: 'we join', contact: 'graph@health' });
    expect(joined).toMatchObject({ outcome: 'PUBLISHED', supergraphVersion: { createdBy: 'test', reason: 'we join' } });
    expect(joined.checks.map(({ kind, outcome }: any) => [kind, outcome])).toEqual([
      ['CONTRACT', 'PASSED'],
      ['COMPOSITION', 'PASSED'],
      ['CLIENTS', 'PASSED'],
      ['ENDPOINT', 'PASSED'],
    ]);
    expect(joined.changes).toContainEqual({ criticality: 'NON_BREAKING', coordinate: 'Case.healthRoute', usedBy: [] });

    const added = await world.publish({ departmentCode: 'drug', sdl: ADDED, reason: 'a note' });
    expect(added.changes).toEqual([{ criticality: 'NON_BREAKING', coordinate: 'Case.drugNote', usedBy: [] }]);
    expect((await world.supergraph())?.version).toBe(added.supergraphVersion.version);
    expect(await world.publish({ departmentCode: 'drug', sdl: ADDED })).toMatchObject({ outcome: 'UNCHANGED', supergraphVersion: null });

    const { department } = await world.ask(
      `{ department(code: "drug") { state contact publications(first: 1) { totalCount pageInfo { hasNextPage endCursor }
         nodes { subgraph publishedBy reason sdl url } } } }`,
      {},
      'department:tax',
    );
    expect(department).toMatchObject({
      state: 'ACTIVE',
      publications: {
        totalCount: 2,
        pageInfo: { hasNextPage: true },
        nodes: [{ subgraph: 'drug', publishedBy: 'test', reason: 'a note', sdl: ADDED }],
      },
    });
    const { department: older } = await world.ask(
      'query($after: String) { department(code: "drug") { publications(first: 1, after: $after) { nodes { reason } } } }',
      { after: department.publications.pageInfo.endCursor },
      'admin',
    );
    expect(older.publications.nodes).toEqual([{ reason: 'it registered when it started' }]);
    const [newest] = await world.history();
    expect(newest).toMatchObject({ state: 'IN_FORCE', changes: [{ coordinate: 'Case.drugNote' }] });
  });

  test.skipIf(skip)(
    'what breaks the contract, does not compose, takes a used field or is not there: refused, and nothing changes',
    async () => {
      await using files = await open();
      await using world = await PublishingWorld.open(files.url);
      await world.used('province-app', 'CaseRoute', ['Case', 'Case.drugRoute', 'DrugRoute', 'DrugRoute.kind'], new Date());
      const before = await world.record();

      const broken = await world.publish({ departmentCode: 'drug', sdl: CONTRACT_SDL.replace('  outcome: DecisionOutcome!\n', '') });
      expect([broken.outcome, failures(broken)]).toEqual(['REFUSED', ['CONTRACT']]);
      expect(broken.checks[0].problems[0]).toMatchObject({ code: 'MISSING_MEMBER', member: 'Decision.outcome', line: expect.any(Number) });

      const missing = await world.publish({
        departmentCode: 'drug',
        sdl: `${departmentSdl('drug')} extend type Query { drugX: DrugMissing }`,
      });
      expect([missing.outcome, failures(missing)]).toEqual(['REFUSED', ['CONTRACT']]);
      world.endpoints.answers.set(urlOf('drug-routes'), CONTRACT_SDL);
      const own = { departmentCode: 'drug-routes', name: 'x', affiliation: 'CENTRAL', url: urlOf('drug-routes') };
      const taken = await world.publish({ ...own, sdl: `${CONTRACT_SDL} extend type Query { drugRoutesNearby: Int }` });
      expect([taken.outcome, failures(taken)]).toEqual(['REFUSED', ['COMPOSITION']]);
      expect(taken.checks[1].problems[0].message).toContain('Query.drugRoutesNearby is defined by department drug too');

      const removal = await world.publish({
        departmentCode: 'drug',
        sdl: without('drug', /extend type Case \{[^}]*}/),
      });
      expect([removal.outcome, failures(removal)]).toEqual(['REFUSED', ['CLIENTS']]);
      expect(removal.checks[2].problems[0]).toMatchObject({
        member: 'Case.drugRoute',
        message: expect.stringMatching(/CaseRoute of client province-app \(3 times/),
      });
      expect(removal.changes[0].usedBy).toEqual([{ client: 'province-app', operation: 'CaseRoute', count: 3 }]);

      const dead = await world.publish({ departmentCode: 'drug', sdl: ADDED, url: 'http://nobody.test/graphql' });
      expect([dead.outcome, failures(dead)]).toEqual(['REFUSED', ['ENDPOINT']]);
      const silent = await world.publish({ departmentCode: 'drug', url: 'http://nobody.test/graphql' });
      expect([silent.outcome, failures(silent)]).toEqual(['REFUSED', ['ENDPOINT']]);
      expect(await world.publish({ departmentCode: 'drug', sdl: ADDED, dryRun: true })).toMatchObject({ outcome: 'WOULD_PUBLISH' });
      expect(await world.record()).toEqual(before);
    },
  );

  test.skipIf(skip)('a removal passes when nobody used it in the window, or with an override, which is on record', async () => {
    await using files = await open();
    const now = new Date('2026-11-24T02:00:00Z');
    await using world = await PublishingWorld.open(files.url, () => now);
    const gone = without('drug', /extend type Case \{[^}]*}/);
    await world.used('old-app', 'Old', ['Case.drugRoute'], new Date(now.getTime() - 31 * DAY));
    expect(await world.publish({ departmentCode: 'drug', sdl: gone, dryRun: true })).toMatchObject({ outcome: 'WOULD_PUBLISH' });
    await world.used('old-app', 'Old', ['Case.drugRoute'], new Date(now.getTime() - 29 * DAY), 2);
    expect((await world.publish({ departmentCode: 'drug', sdl: gone })).changes[0].usedBy).toEqual([
      { client: 'old-app', operation: 'Old', count: 5 },
    ]);
    expect(
      (
        await world.ask(
          '{ memberUsage(coordinates: ["Case.drugRoute", "Case.none"]) { coordinate uses { client count lastSeen } } }',
          {},
          'centre',
        )
      )['memberUsage'],
    ).toEqual([
      { coordinate: 'Case.drugRoute', uses: [{ client: 'old-app', count: 5, lastSeen: '2026-10-26T02:00:00.000Z' }] },
      { coordinate: 'Case.none', uses: [] },
    ]);

    const forced = await world.publish({ departmentCode: 'drug', sdl: gone, overrideReason: 'the app is gone' });
    expect(forced.outcome).toBe('PUBLISHED');
    expect(forced.checks[2].outcome).toBe('OVERRIDDEN');
    const { department } = await world.ask(
      '{ department(code: "drug") { publications(first: 1) { nodes { overrideReason overridden { coordinate usedBy { client } } } } } }',
      {},
      'department:drug',
    );
    expect(department.publications.nodes[0]).toEqual({
      overrideReason: 'the app is gone',
      overridden: [{ coordinate: 'Case.drugRoute', usedBy: [{ client: 'old-app' }] }],
    });
  });

  test.skipIf(skip)('of two publications at once one wins, and the other is told to check again', async () => {
    await using files = await open();
    await using world = await PublishingWorld.open(files.url);
    const both = Promise.withResolvers<void>();
    let waiting = 0;
    world.endpoints.beforeCheck = async () => {
      // each has checked against the same graph before either swaps
      if (++waiting === 2) both.resolve();
      await both.promise;
    };
    const before = (await world.history()).length;
    const ended = await Promise.allSettled([
      world.publish({ departmentCode: 'drug', sdl: ADDED }),
      world.publish({ departmentCode: 'tax', sdl: `${departmentSdl('tax')} extend type Case { taxNote: String }` }),
    ]);
    expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const lost = ended.find((one) => one.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('check again') });
    expect(await world.history()).toHaveLength(before + 1);
    const sdl = (await world.supergraph())?.sdl ?? '';
    expect([sdl.includes('drugNote'), sdl.includes('taxNote')].filter(Boolean)).toHaveLength(1);

    world.endpoints.beforeCheck = async () => {};
    const stale = await refusal(world.publish({ departmentCode: 'drug', sdl: departmentSdl('drug'), baseVersion: 'an-older-one' }));
    expect(stale).toMatchObject({ code: 'CONFLICT', extensions: { currentVersion: (await world.supergraph())?.version } });
    const base = (await world.supergraph())?.version;
    expect(
      (await world.publish({ departmentCode: 'drug', sdl: `${ADDED} extend type Case { drugMore: Int }`, baseVersion: base })).outcome,
    ).toBe('PUBLISHED');
  });

  test.skipIf(skip)('only its own credential or an administrator publishes a department', async () => {
    await using files = await open();
    await using world = await PublishingWorld.open(files.url);
    const before = await world.record();
    const input = { departmentCode: 'drug', sdl: ADDED };
    for (const role of ['department:tax', 'applicant', 'window', 'monitor', 'centre', 'bureau', 'platform']) {
      expect((await refusal(world.publish(input, role))).code, role).toBe('FORBIDDEN');
    }
    const rollback = 'mutation { rollbackSupergraph(input: { number: 1 }) { supergraphVersion { number } } }';
    for (const role of ['department:drug', 'centre', 'platform'])
      expect((await refusal(world.ask(rollback, {}, role))).code).toBe('FORBIDDEN');
    const records = '{ supergraphVersions { nodes { sdl } } }';
    expect((await refusal(world.ask(records, {}, 'applicant'))).code).toBe('FORBIDDEN');
    expect((await refusal(world.ask(records))).code).toBe('UNAUTHENTICATED');
    expect((await refusal(world.ask('mutation { reportUsage(operations: []) { taken } }', {}, 'admin'))).code).toBe('FORBIDDEN');
    expect(await world.record()).toEqual(before);
    expect((await world.publish(input, 'admin')).outcome).toBe('PUBLISHED');
  });

  test.skipIf(skip)('a rollback brings any version back, and a restart does not undo it', async () => {
    await using files = await open();
    await using world = await PublishingWorld.open(files.url);
    const base = await world.supergraph();
    const { number } = (await world.history())[0];
    await world.publish({ departmentCode: 'drug', sdl: ADDED });
    await world.publish(HEALTH);
    const moved = 'http://tax-2.test/graphql';
    world.endpoints.answers.set(moved, departmentSdl('tax'));
    await world.publish({ departmentCode: 'tax', url: moved });

    const rollback =
      'mutation($input: RollbackSupergraphInput!) { rollbackSupergraph(input: $input) { supergraphVersion { number restores } changes { criticality coordinate } } }';
    const { rollbackSupergraph: back } = await world.ask(rollback, { input: { number, reason: 'all of it' } }, 'admin');
    expect(back.supergraphVersion).toEqual({ number: number + 4, restores: number });
    expect(back.changes).toContainEqual({ criticality: 'BREAKING', coordinate: 'Case.drugNote' });
    const after = await world.supergraph();
    expect(after?.departments.map(({ code, url }) => [code, url])).toEqual([
      ['drug', urlOf('drug')],
      ['tax', moved],
    ]);
    expect(after?.sdl).toBe(base?.sdl.replace(urlOf('tax'), moved));
    const { departments } = await world.ask('{ departments { code state } }');
    expect(departments).toContainEqual({ code: 'health', state: 'WITHDRAWN' });

    // it starts again with what was rolled back: the graph keeps what is in force
    expect(await world.department(departmentInput('drug', ADDED))).toBe(after?.version);
    expect((await world.supergraph())?.sdl).not.toContain('drugNote');
    expect((await refusal(world.department(departmentInput('health', departmentSdl('health'))))).code).toBe('PUBLICATION_ROLLED_BACK');
    expect((await world.supergraph())?.departments.map(({ code }) => code)).toEqual(['drug', 'tax']);
    // publishing it is a decision, and so is joining again
    expect((await world.publish({ departmentCode: 'drug', sdl: ADDED })).outcome).toBe('PUBLISHED');
    expect((await world.publish(HEALTH)).outcome).toBe('PUBLISHED');
    expect((await world.supergraph())?.departments.map(({ code }) => code)).toEqual(['drug', 'health', 'tax']);
    await world.department(departmentInput('health', departmentSdl('health')));

    await world.ask(rollback, { input: { number, restoreAddresses: true } }, 'admin');
    expect((await world.supergraph())?.sdl).toBe(base?.sdl);
    expect((await world.supergraph())?.version).toBe(base?.version);
    const newest = (await world.history())[0];
    expect((await refusal(world.ask(rollback, { input: { number: newest.number } }, 'admin'))).code).toBe('BAD_USER_INPUT');
    expect((await refusal(world.ask(rollback, { input: { number: 999 } }, 'admin'))).code).toBe('NOT_FOUND');
  });

  test.skipIf(skip)('an endpoint that answers another schema is reported, and its published contract stays', async () => {
    await using files = await open();
    await using world = await PublishingWorld.open(files.url);
    const before = await world.supergraph();
    const endpoint = async () =>
      (await world.ask('{ department(code: "drug") { endpoint { state differences since } } }', {}, 'monitor'))['department'].endpoint;
    expect(await endpoint()).toBeNull();
    await world.running.lookAtEndpoints();
    expect(await endpoint()).toMatchObject({ state: 'MATCHES', differences: [] });
    world.endpoints.answers.set(
      urlOf('drug'),
      without('drug', /drugPopularity: Int/).replace('extend type ServiceItem {', 'extend type ServiceItem { drugRank: Int'),
    );
    await world.running.lookAtEndpoints();
    const drifted = await endpoint();
    expect(drifted).toMatchObject({ state: 'DIFFERS', differences: ['- ServiceItem.drugPopularity: Int', '+ ServiceItem.drugRank: Int'] });
    await world.running.lookAtEndpoints();
    expect((await endpoint()).since).toBe(drifted.since);
    world.endpoints.answers.delete(urlOf('drug'));
    await world.running.lookAtEndpoints();
    expect(await endpoint()).toMatchObject({ state: 'UNREACHABLE' });
    expect(await world.supergraph()).toEqual(before);
  });

  test.skipIf(skip)('starting again with the same schema asks nothing of the endpoint; another one passes every check', async () => {
    await using files = await open();
    await using world = await PublishingWorld.open(files.url);
    const { asked } = world.endpoints;
    await world.department(departmentInput('drug', departmentSdl('drug')));
    expect(world.endpoints.asked).toBe(asked);
    await world.used('app', 'Route', ['Case.drugRoute'], new Date());
    const before = await world.record();
    const gone = without('drug', /extend type Case \{[^}]*}/);
    const refused = await refusal(world.department(departmentInput('drug', gone)));
    expect(refused).toMatchObject({ code: 'BREAKING_CHANGE_IN_USE', transient: false });
    world.endpoints.answers.delete(urlOf('drug'));
    expect(await refusal(world.department(departmentInput('drug', ADDED)))).toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      transient: true,
    });
    expect(await world.record()).toEqual(before);
  });

  test.skipIf(skip)('what was only waited for in vain is asked for again; a fault is final', async () => {
    await using files = await open();
    await using world = await PublishingWorld.open(files.url);
    const late = { code: 'sockets.init-required', message: 'waited 5000 ms in vain', outOfTime: true } as const;
    world.endpoints.found = [late];
    const busy = await refusal(world.department(departmentInput('health', departmentSdl('health'))));
    expect(busy).toMatchObject({ code: 'ENDPOINT_UNREACHABLE', transient: true });
    world.endpoints.found = [late, { code: 'sockets.ping', message: 'a ping is answered with nonsense' }];
    const wrong = await refusal(world.department(departmentInput('health', departmentSdl('health'))));
    expect(wrong).toMatchObject({ code: 'ENDPOINT_CHECK_FAILED', transient: false });
    world.endpoints.found = [];
    expect(await world.department(departmentInput('health', departmentSdl('health')))).toMatch(/^[0-9a-f]{16}$/);
  });
});
