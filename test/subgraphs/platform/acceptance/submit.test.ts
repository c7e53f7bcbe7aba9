import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applications } from '../../../../subgraphs/platform/acceptance/store/tables.js';
import { caller } from '../../../support/environment.js';
import { openFiles, STORES, type TestStore } from '../../../support/stores.js';
import { APPLICANT, INPUT, WINDOW, World } from './world.js';

describe('handing in an application', () => {
  let files: TestStore;
  let world: World;
  beforeAll(async () => {
    files = await openFiles();
    world = await World.open(files.url, { clock: () => new Date('2026-11-24T01:00:00Z') });
    await world.start();
    await world.department('drug');
    await world.known('drug');
    world.declare('drug', { itemCode: 'old', state: 'RETIRED', kind: 'RETIRED' });
    await world.known('drug', 'old');
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  const applicant = (change: object) => ({ ...INPUT, applicant: { ...INPUT.applicant, ...change } });
  const [form, plan] = INPUT.materials;
  const [address, area] = INPUT.form;

  test.each<[string, object, string, string]>([
    ['an unknown department', { ...INPUT, departmentCode: 'nobody' }, 'UNKNOWN_DEPARTMENT', 'departmentCode'],
    ['a department in capitals', { ...INPUT, departmentCode: 'DRUG' }, 'UNKNOWN_DEPARTMENT', 'departmentCode'],
    ['an unknown item', { ...INPUT, itemCode: 'nothing' }, 'UNKNOWN_ITEM', 'itemCode'],
    ['a retired item', { ...INPUT, itemCode: 'old' }, 'ITEM_RETIRED', 'itemCode'],
    ['a short number', applicant({ idNumber: '1101051949123100' }), 'INVALID_ID_NUMBER', 'applicant.idNumber'],
    ['a number of no province', applicant({ idNumber: '99010519491231002X' }), 'INVALID_ID_NUMBER', 'applicant.idNumber'],
    ['a number born on no day', applicant({ idNumber: '110105194902300022' }), 'INVALID_ID_NUMBER', 'applicant.idNumber'],
    ['a number with a wrong check digit', applicant({ idNumber: '110105194912310021' }), 'INVALID_ID_NUMBER', 'applicant.idNumber'],
    [
      'a credit code with a wrong check',
      applicant({ kind: 'ENTERPRISE', idNumber: '91350100M000100Y44' }),
      'INVALID_CREDIT_CODE',
      'applicant.idNumber',
    ],
    ['an identity number as a credit code', applicant({ kind: 'OTHER' }), 'INVALID_CREDIT_CODE', 'applicant.idNumber'],
    ['an empty name', applicant({ name: '  ' }), 'BAD_USER_INPUT', 'applicant.name'],
    ['a name without end', applicant({ name: '张'.repeat(101) }), 'BAD_USER_INPUT', 'applicant.name'],
    ['a name with a line break', applicant({ name: '张\n三' }), 'BAD_USER_INPUT', 'applicant.name'],
    ['no phone number', applicant({ phone: '12345' }), 'BAD_USER_INPUT', 'applicant.phone'],
    [
      'a material of another item',
      { ...INPUT, materials: [form, plan, { code: 'passport', source: 'PAPER' }] },
      'MATERIAL_UNKNOWN',
      'materials.2.code',
    ],
    ['a material twice', { ...INPUT, materials: [form, plan, form] }, 'BAD_USER_INPUT', 'materials.2.code'],
    [
      'a material at no web address',
      { ...INPUT, materials: [{ ...form, url: 'file:///etc/passwd' }, plan] },
      'BAD_USER_INPUT',
      'materials.0.url',
    ],
    [
      'a hash that is none',
      { ...INPUT, materials: [{ ...form, contentHash: 'not a hash' }, plan] },
      'BAD_USER_INPUT',
      'materials.0.contentHash',
    ],
    [
      'an entry of another form',
      { ...INPUT, form: [address, area, { name: 'colour', value: 'red' }] },
      'FORM_FIELD_UNKNOWN',
      'form.2.name',
    ],
    ['a value nobody can type', { ...INPUT, form: [{ ...address, value: 'a\u0000b' }, area] }, 'BAD_USER_INPUT', 'form.0.value'],
    ['an entry twice', { ...INPUT, form: [address, area, address] }, 'BAD_USER_INPUT', 'form.2.name'],
    ['a value without end', { ...INPUT, form: [{ ...address, value: 'x'.repeat(4_001) }, area] }, 'BAD_USER_INPUT', 'form.0.value'],
    [
      'a list without end',
      { ...INPUT, form: Array.from({ length: 201 }, (_, n) => ({ name: `n${n}`, value: '' })) },
      'BAD_USER_INPUT',
      'form',
    ],
    ['an unprintable request id', { ...INPUT, clientRequestId: 'a b' }, 'BAD_USER_INPUT', 'clientRequestId'],
    ["a channel that is not an applicant's", { ...INPUT, channel: 'POST' }, 'FORBIDDEN', 'channel'],
  ])('%s is told by code and field, and nothing is kept', async (_what, input, code, field) => {
    const before = await world.acceptance.store.fork().count(applications);
    const answer = await world.submit(APPLICANT, input as Record<string, unknown>);
    expect(answer.errors).toMatchObject([{ extensions: { code, field } }]);
    expect(answer.errors?.[0]?.message).toContain(field);
    const told = JSON.stringify(answer);
    const { name, idNumber, phone } = (input as typeof INPUT).applicant;
    for (const secret of [name.trim(), idNumber, phone].filter((text) => text !== '')) expect(told).not.toContain(secret);
    expect(await world.acceptance.store.fork().count(applications)).toBe(before);
  });

  test('whatever is missing is told at once, and what can be shared is not asked for', async () => {
    const materials = await world.submit(APPLICANT, { ...INPUT, materials: [] });
    expect(materials.errors).toMatchObject([
      {
        extensions: {
          code: 'MATERIAL_MISSING',
          missing: [
            { code: 'form', name: '申请表' },
            { code: 'plan', name: '平面图' },
          ],
        },
      },
    ]);
    const fields = await world.submit(APPLICANT, { ...INPUT, form: [{ name: 'area', value: '  ' }] });
    expect(fields.errors).toMatchObject([
      {
        extensions: {
          code: 'FORM_FIELD_MISSING',
          missing: [
            { name: 'address', label: '地址' },
            { name: 'area', label: '面积' },
          ],
        },
      },
    ]);
  });

  test('is for applicants and windows', async () => {
    expect((await world.submit(caller('nobody'), INPUT)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect((await world.submit(caller('m', 'monitor'), INPUT)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await world.submit(WINDOW, { ...INPUT, channel: 'POST' })).errors).toBeUndefined();
  });

  test('a small x in the number is made a capital, blanks go, a country prefix goes', async () => {
    const id = await world.submitted(
      APPLICANT,
      applicant({ idNumber: ' 11010519491231002x ', phone: '+86 138 0000 5678', name: ' 张三丰 ' }),
    );
    const answer = await world.ask(
      APPLICANT,
      'query($id: ID!) { application(id: $id) { state applicant { name idNumber phone } materials { code name } } }',
      { id },
    );
    expect(answer.data?.['application']).toEqual({
      state: 'SUBMITTED',
      applicant: { name: '张三丰', idNumber: '11010519491231002X', phone: '13800005678' },
      materials: [
        { code: 'form', name: '申请表' },
        { code: 'plan', name: '平面图' },
        { code: 'licence', name: '营业执照' },
      ],
    });
  });

  test('an enterprise is known by its credit code', async () => {
    expect((await world.submit(APPLICANT, applicant({ kind: 'ENTERPRISE', idNumber: '91350100m000100y43' }))).errors).toBeUndefined();
  });
});

describe.each(STORES)('a repeated request on $name', ({ skip, open }) => {
  test.skipIf(skip)('is one application, also when it comes twenty times at once; with other content it is a conflict', async () => {
    await using files = await open();
    await using world = await World.open(files.url);
    await world.start();
    await world.department('drug');
    await world.known('drug');
    const ids = await Promise.all(Array.from({ length: 20 }, () => world.submitted(APPLICANT, { clientRequestId: 'r-1' })));
    expect(new Set(ids).size).toBe(1);
    expect(await world.acceptance.store.fork().count(applications)).toBe(1);

    const other = await world.submit(APPLICANT, {
      ...INPUT,
      clientRequestId: 'r-1',
      form: [INPUT.form[0], { name: 'area', value: '121' }],
    });
    expect(other.errors).toMatchObject([{ extensions: { code: 'CONFLICT', field: 'clientRequestId' } }]);
    // somebody else's, and another of one's own that differs in case only
    expect(await world.submitted(caller('person-2', 'applicant'), { clientRequestId: 'r-1' })).not.toBe(ids[0]);
    expect(await world.submitted(APPLICANT, { clientRequestId: 'R-1' })).not.toBe(ids[0]);
    // the item is gone since, the answer is not
    world.declare('drug', { state: 'RETIRED', kind: 'RETIRED' });
    world.declare('drug', { itemCode: 'after' });
    await world.known('drug', 'after');
    expect(await world.submitted(APPLICANT, { clientRequestId: 'r-1' })).toBe(ids[0]);
  });
});
