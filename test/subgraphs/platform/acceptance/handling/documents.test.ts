import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { certificates } from '../../../../../subgraphs/platform/acceptance/store/file-tables.js';
import { caller } from '../../../../support/environment.js';
import { openFiles, type TestStore } from '../../../../support/stores.js';
import { CERTIFICATE, certified, DOCUMENTS, decided, documentsOf, one, stage, wholeLife } from './case-life.js';
import { APPLICANT, handled, ITEMS, notice, openHandling, refusal, WINDOW } from './handling-world.js';

type Opened = Awaited<ReturnType<typeof openHandling>>;

/** Where to put every document that the tests draw, for somebody to look at. */
const SHOW = process.env['TEST_SHOW_DOCUMENTS'];

async function fetched(url: string, name: string): Promise<Buffer> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  const content = Buffer.from(await response.arrayBuffer());
  if (SHOW !== undefined) writeFileSync(join(SHOW, `${name}.pdf`), content);
  return content;
}

describe('documents', () => {
  let files: TestStore;
  let it: Opened;
  beforeAll(async () => {
    files = await openFiles();
    it = await openHandling(files.url, '2026-11-24T01:00:00Z');
  });
  afterAll(async () => {
    await it[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  const ofApplication = async (id: string, who = WINDOW): Promise<any[]> =>
    one<any>(await it.world.ask(who, `query($id: ID!) { application(id: $id) { ${DOCUMENTS} } }`, { id }), 'application').documents;

  test('every outcome of an application has its own, with the seal of the Centre', async () => {
    const { world } = it;
    const refused = await world.submitted();
    await handled(world, 'refuseAcceptance', refusal(refused));
    const withdrawn = await world.submitted();
    await handled(world, 'withdrawApplication', { applicationId: withdrawn }, APPLICANT);
    const told = await world.submitted();
    await handled(
      world,
      'giveNotice',
      notice(told, { items: [...ITEMS, ...Array.from({ length: 30 }, () => ({ ...ITEMS[1], problem: '面积与平面图不一致,'.repeat(6) }))] }),
    );
    const accepted = await world.submitted();
    await world.accept(accepted);
    for (const [id, kind, title] of [
      [refused, 'ACCEPTANCE_REFUSAL', '不予受理通知书'],
      [withdrawn, 'WITHDRAWAL_CONFIRMATION', '撤回申请确认书'],
      [told, 'ONE_TIME_NOTICE', '一次性告知书'],
      [accepted, 'ACCEPTANCE_NOTICE', '受理通知书'],
    ] as const) {
      const [document, ...more] = await ofApplication(id);
      expect(more).toEqual([]);
      expect(document).toMatchObject({ kind, title, seal: 'ACCEPTANCE' });
      const content = await fetched(document.url, kind);
      expect(content.subarray(0, 5).toString()).toBe('%PDF-');
      expect(createHash('sha256').update(content).digest('hex')).toBe(document.sha256);
      // fonts are embedded, and only what is used of them
      expect(content.includes('/FontFile3')).toBe(true);
      expect(content.length).toBeLessThan(400_000);
    }
  });

  test('every step of a case that is owed to the applicant has one, with the seal of the department where it decides', async () => {
    const { world, drug } = it;
    const number = await world.accepted('drug');
    drug.tell(number, 'SPECIAL_PROCEDURE_STARTED', {
      specialProcedure: {
        kind: 'EXPERT_REVIEW',
        startedAt: '2026-11-24T02:00:00.000Z',
        expectedDays: 10,
        reason: '需组织专家评审',
        finishedAt: null,
      },
    });
    drug.tell(number, 'SPECIAL_PROCEDURE_FINISHED', {
      specialProcedure: {
        kind: 'EXPERT_REVIEW',
        startedAt: '2026-11-24T02:00:00.000Z',
        reason: '需组织专家评审',
        finishedAt: '2026-11-25T02:00:00.000Z',
      },
    });
    drug.tell(number, 'EXTENDED', { extension: { days: 10, reason: '案情复杂,需进一步核实', decidedAt: '2026-11-25T03:00:00.000Z' } });
    await decided(world, drug, number);
    await certified(world, drug, number);
    drug.tell(number, 'DELIVERED', {
      delivery: { channel: 'COURIER', deliveredAt: '2026-11-27T03:00:00.000Z', trackingNumber: 'SF1234567' },
    });
    await stage(world, number, 'DELIVERED');
    const issued = await documentsOf(world, number, APPLICANT);
    expect(issued.map(({ kind, seal }) => `${kind} ${seal}`)).toEqual([
      'ACCEPTANCE_NOTICE ACCEPTANCE',
      'SPECIAL_PROCEDURE_NOTICE APPROVAL',
      'EXTENSION_NOTICE APPROVAL',
      'APPROVAL_DECISION APPROVAL',
      'CERTIFICATE APPROVAL',
      'DELIVERY_RECEIPT ACCEPTANCE',
    ]);
    for (const { url, kind, sha256 } of issued) {
      const content = await fetched(url, kind);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
    // what is drawn stays as it was drawn
    expect(await documentsOf(world, number, APPLICANT)).toMatchObject(issued.map(({ id, sha256 }) => ({ id, sha256 })));
  });

  test.each([
    ['REFUSED', '布局不符合规范第五十条', 'REFUSAL_DECISION', '不予许可决定书'],
    ['WITHDRAWN', null, 'TERMINATION_NOTICE', '终止办理通知书'],
    ['TERMINATED', '申请人主体资格终止', 'TERMINATION_NOTICE', '终止办理通知书'],
  ])('a case that ends %s has a decision in writing', async (outcome, reasons, kind, title) => {
    const { world, drug } = it;
    const number = await world.accepted('drug');
    await decided(world, drug, number, { outcome, reasons, documentNumber: `豫演许〔2026〕${outcome}号` });
    const issued = await documentsOf(world, number);
    expect(issued.at(-1)).toMatchObject({ kind, title, seal: 'APPROVAL' });
    await fetched(issued.at(-1).url, outcome);
  });

  test('are fetched by whoever may see the person, by a link that works for a while', async () => {
    const { world, time } = it;
    const number = await world.accepted('drug');
    for (const role of ['monitor', 'centre', 'bureau']) expect((await documentsOf(world, number, caller('m', role)))[0].url).toBeNull();
    expect((await documentsOf(world, number, caller('o', 'department:drug')))[0].url).not.toBeNull();
    const [{ url, id }] = (await documentsOf(world, number)) as [any];
    const bare = url.split('?')[0];
    const get = async (address: string) => (await fetch(address)).status;
    expect(await get(url)).toBe(200);
    expect(await get(bare)).toBe(403);
    expect(await get(url.replace(/signature=./, 'signature=x'))).toBe(403);
    expect(await get(url.replace(/expires=\d+/, 'expires=9999999999999'))).toBe(403);
    const [other] = await documentsOf(world, await world.accepted('drug'));
    expect(await get(url.replace(id, other.id))).toBe(403);
    const now = time.now;
    time.now = new Date(now.getTime() + 11 * 60_000);
    const late = await fetch(url);
    expect([late.status, ((await late.json()) as any).error.code]).toEqual([403, 'LINK_INVALID']);
    time.now = now;
  });

  test('anybody verifies one by its code, which tells nothing of the person', async () => {
    const number = await it.world.accepted('drug');
    const [{ verificationUrl, sha256 }] = (await documentsOf(it.world, number)) as [any];
    const told = (await (await fetch(verificationUrl)).json()) as any;
    expect(told).toMatchObject({ kind: 'ACCEPTANCE_NOTICE', title: '受理通知书', caseNumber: number, sha256 });
    expect(JSON.stringify(told)).not.toMatch(/张|三丰|19491231|13800005678/);
    const page = await fetch(verificationUrl, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain(sha256);
    expect((await fetch(verificationUrl.replace(/[0-9a-f]{12}\/verification/, '000000000000/verification'))).status).toBe(404);
  });

  describe('an e-certificate', () => {
    const VERIFY =
      'query($n: ID!) { verifyCertificate(number: $n) { number state itemName issuer holder caseNumber issuedAt validUntil electronic documentSha256 signed } }';
    const verify = async (number: string) => one<any>(await it.world.ask(caller('nobody'), VERIFY, { n: number }), 'verifyCertificate');

    test('is verified by its number and by its address, by anybody, without telling who has it', async () => {
      const { world, drug } = it;
      const number = await wholeLife(world, drug, { number: '豫演证字0100' });
      const [drawn] = (await documentsOf(world, number)).filter(({ kind }) => kind === 'CERTIFICATE');
      const found = await verify('豫演证字0100');
      expect(found).toMatchObject({
        state: 'VALID',
        itemName: '演示许可',
        issuer: '部门drug',
        holder: '张*',
        caseNumber: number,
        validUntil: '2029-11-26',
        electronic: true,
        documentSha256: drawn.sha256,
      });
      const address = drawn.url.replace(/\/documents\/.*/, `/certificates/${encodeURIComponent('豫演证字0100')}`);
      const told = (await (await fetch(address)).json()) as any;
      expect(told).toMatchObject({ state: 'VALID', holder: '张*', signed: found.signed });
      expect(JSON.stringify([found, told])).not.toMatch(/三丰|19491231|13800005678/);
      const keys = (await (await fetch(address.replace(/\/certificates\/.*/, '/certificate-keys'))).json()) as any;
      expect(keys.keys[0].d).toBeUndefined();
      const { createLocalJWKSet, compactVerify } = await import('jose');
      const { payload } = await compactVerify(found.signed, createLocalJWKSet(keys));
      expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({ number: '豫演证字0100', caseNumber: number });
    });

    test('that nobody issued, that is past its day or was changed is told apart', async () => {
      const { world, drug, time } = it;
      expect(await verify('豫演证字9999')).toMatchObject({ state: 'UNKNOWN', holder: null, signed: null });
      const number = await wholeLife(world, drug, { number: '豫演证字0200', validUntil: '2026-12-31' });
      const now = time.now;
      time.now = new Date('2026-12-31T15:59:59Z');
      expect((await verify('豫演证字0200')).state).toBe('VALID');
      time.now = new Date('2026-12-31T16:00:00Z');
      expect((await verify('豫演证字0200')).state).toBe('EXPIRED');
      time.now = now;
      await world.acceptance.store.fork().nativeUpdate(certificates, { caseNumber: number }, { validUntil: '2099-12-31' });
      expect(await verify('豫演证字0200')).toMatchObject({ state: 'TAMPERED', validUntil: null });
    });

    test('on paper is verified too, and has no electronic document', async () => {
      const number = await wholeLife(it.world, it.drug, { number: '豫演证字0300', electronic: false });
      expect(await verify('豫演证字0300')).toMatchObject({ state: 'VALID', electronic: false, documentSha256: null });
      expect((await documentsOf(it.world, number)).map(({ kind }) => kind)).not.toContain('CERTIFICATE');
      expect(CERTIFICATE.electronic).toBe(true);
    });
  });

  test('a page of any length takes the same number of queries', async () => {
    const ask = async (first: number) => {
      const execute = vi.spyOn(it.world.acceptance.store.orm.em.getConnection(), 'execute');
      const query = `{ applications(first: ${first}) { nodes { id documents { kind url } notices { ordinal } history { kind } refusal { reason } earlierVersions { ordinal } } } }`;
      const { data, errors } = await it.world.ask(WINDOW, query);
      // what the timers ask for meanwhile is no part of the answer
      const tables = execute.mock.calls.flatMap(
        ([sql]) =>
          /^select .* from `(document|one_time_notice|application_event|acceptance_refusal|application_version)`/s.exec(
            typeof sql === 'string' ? sql : JSON.stringify(sql),
          )?.[1] ?? [],
      );
      execute.mockRestore();
      expect(errors).toBeUndefined();
      expect(data?.['applications'].nodes).toHaveLength(first);
      return tables.sort();
    };
    const once = ['acceptance_refusal', 'application_event', 'application_version', 'document', 'one_time_notice'];
    expect(await ask(1)).toEqual(once);
    expect(await ask(6)).toEqual(once);
  });
});
