import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { PersonalDataKeys, type PersonalDataSecret } from '../../../../subgraphs/kit/privacy/personal-data-keys.js';
import { rekey, sealCounts } from '../../../../subgraphs/kit/privacy/rekey.js';
import { Rekeying } from '../../../../subgraphs/kit/privacy/rekeying.js';
import { openStore, type Store } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { transaction } from '../../../../subgraphs/kit/store/transaction.js';
import { applicationVersions } from '../../../../subgraphs/platform/acceptance/store/application-tables.js';
import { LEDGER_STORE } from '../../../../subgraphs/platform/acceptance/store/definition.js';
import { applications } from '../../../../subgraphs/platform/acceptance/store/tables.js';
import { STORES } from '../../../support/stores.js';

const secret = (id: string, fill: number): PersonalDataSecret => ({ id, secret: Buffer.alloc(32, fill) });
const OLD = secret('old', 1);
const NEW = secret('new', 2);

/** Keys that change while they are in use. */
function changing(...first: PersonalDataSecret[]) {
  let next: PersonalDataSecret[] | undefined = first;
  const source = {
    readChanged() {
      const read = next;
      next = undefined;
      return read;
    },
  };
  return { keys: new PersonalDataKeys('aes-256-gcm', source), set: (...secrets: PersonalDataSecret[]) => (next = secrets) };
}

const application = (n: number) => ({
  id: `a-${String(n).padStart(4, '0')}`,
  departmentCode: 'drug',
  itemCode: 'permit',
  channel: 'ONLINE' as const,
  materials: [{ code: 'form', name: '申请表', source: 'ELECTRONIC' as const, contentHash: null, url: null }],
  form: [{ name: 'address', value: `机密地址${n}` }],
  applicantSubject: null,
  applicantKind: 'NATURAL_PERSON' as const,
  applicantName: `演示甲${n}`,
  applicantIdNumber: `41010119900101${String(n).padStart(4, '0')}`,
  applicantPhone: '13800005678',
  state: 'SUBMITTED' as const,
  submittedAt: new Date('2026-11-24T01:00:00Z'),
  submittedBy: 'x',
  requestKey: null,
  fingerprint: `fp-${n}`,
  guideVersion: 1,
  caseNumber: null,
});

const version = (applicationId: string, ordinal: number) => ({
  applicationId,
  ordinal,
  handedInAt: new Date('2026-11-24T01:00:00Z'),
  handedInBy: 'x',
  materials: [],
  form: [{ name: 'address', value: `机密地址${ordinal}` }],
});

async function write(store: Store, from: number, count: number): Promise<void> {
  await transaction(store.fork(), async (tx) => {
    for (let n = from; n < from + count; n++) tx.create(applications, application(n));
  });
}

/** As a version before sealing wrote it. */
async function writeInClear(store: Store, n: number): Promise<void> {
  const { id, materials, form, applicantName, applicantIdNumber, applicantPhone } = application(n);
  await store
    .fork()
    .execute(
      "insert into application (id, department_code, item_code, channel, materials, form, applicant_kind, applicant_name, applicant_id_number, applicant_phone, state, submitted_at, submitted_by, fingerprint, guide_version) values (?, 'drug', 'permit', 'ONLINE', ?, ?, 'NATURAL_PERSON', ?, ?, ?, 'SUBMITTED', ?, 'x', ?, 1)",
      [
        id,
        JSON.stringify(materials),
        JSON.stringify(form),
        applicantName,
        applicantIdNumber,
        applicantPhone,
        '2026-11-24 01:00:00',
        `fp-${n}`,
      ],
      'run',
    );
}

const rawRows = (store: Store) =>
  store
    .fork()
    .execute<Record<string, unknown>[]>(
      'select id, applicant_name, applicant_id_number, applicant_phone, applicant_id_hash, fingerprint, form, materials from application order by id',
    );

describe.each(STORES)('personal data at rest on $name', ({ skip, open }) => {
  const ledger = async (url: string, keys: PersonalDataKeys) => openStore(storeAddress(url, 'acceptance'), LEDGER_STORE, keys);

  test.skipIf(skip)('is sealed, read as it was, and found by its digest', async () => {
    await using files = await open();
    const { keys } = changing(OLD);
    await using store = await ledger(files.url, keys);
    await write(store, 1, 2);
    const raw = JSON.stringify(await rawRows(store));
    for (const clear of ['演示甲', '机密地址', '4101011990', '13800005678', '申请表', 'fp-1']) expect(raw).not.toContain(clear);
    const row = await store.fork().findOneOrFail(applications, { applicantIdHash: { $in: keys.hashes('410101199001010001') } });
    const { materials, form, applicantName, applicantIdNumber, applicantPhone, fingerprint } = application(1);
    expect(row).toMatchObject({ materials, form, applicantName, applicantIdNumber, applicantPhone, fingerprint });
  });

  test.skipIf(skip)('a row that is loaded and not changed is not written; a changed number changes its digest', async () => {
    await using files = await open();
    const { keys } = changing(OLD);
    await using store = await ledger(files.url, keys);
    await write(store, 1, 1);
    const before = await rawRows(store);
    await transaction(store.fork(), async (tx) => void (await tx.find(applications, {})));
    expect(await rawRows(store)).toEqual(before);
    expect((await store.fork().findOneOrFail(applications, 'a-0001')).version).toBe(1);
    await transaction(store.fork(), async (tx) => {
      (await tx.findOneOrFail(applications, 'a-0001')).applicantIdNumber = '410101199001019999';
    });
    const after = await store.fork().findOneOrFail(applications, 'a-0001');
    expect(after.version).toBe(2);
    expect(after.applicantIdHash).toBe(keys.hash('410101199001019999'));
  });

  test.skipIf(skip)('written in clear by an older version, it is read, and sealed by a re-key; the file keeps nothing of it', async () => {
    await using files = await open();
    const { keys } = changing(OLD);
    await using store = await ledger(files.url, keys);
    for (let n = 1; n <= 3; n++) await writeInClear(store, n);
    expect((await store.fork().findOneOrFail(applications, 'a-0002')).form).toEqual(application(2).form);
    expect((await sealCounts(store)).get('clear')).toBe(3 * 6);
    expect(await rekey(store)).toEqual({ rows: 3, unreadable: 0 });
    expect(Object.fromEntries(await sealCounts(store))).toEqual({ old: 3 * 6 });
    expect(await store.fork().findOneOrFail(applications, { applicantIdHash: keys.hash('410101199001010002') })).toMatchObject({
      id: 'a-0002',
      applicantName: '演示甲2',
    });
    expect(await rekey(store)).toEqual({ rows: 0, unreadable: 0 });
    if (!files.url.startsWith('file:')) return;
    await store.fork().execute('pragma wal_checkpoint(truncate)');
    expect((await readFile(`${files.url.slice('file:'.length)}/acceptance.db`)).includes('机密地址')).toBe(false);
  });

  test.skipIf(skip)('changes its key while rows are written and two processes re-key it', async () => {
    await using files = await open();
    const [mine, theirs] = [changing(OLD), changing(OLD)];
    await using store = await ledger(files.url, mine.keys);
    await write(store, 1, 250);
    // SQLite is one connection per process, and waits for another one would hold up this whole process
    const separate = !files.url.startsWith('file:');
    await using opened = separate ? await ledger(files.url, theirs.keys) : undefined;
    const other = opened ?? store;
    mine.set(NEW, OLD);
    theirs.set(NEW, OLD);
    mine.keys.refresh();
    const writing = (async () => {
      // this process has not learnt of the new key yet: what it writes is found by the re-keying all the same
      for (let n = 1; n <= 40; n++) {
        await transaction(other.fork(), async (tx) => {
          (await tx.findOneOrFail(applications, `a-${String(n * 6).padStart(4, '0')}`)).applicantPhone = `139${String(n).padStart(8, '0')}`;
        });
      }
    })();
    const both = await Promise.all([rekey(store), rekey(store), writing]);
    await rekey(other);
    await rekey(store);
    expect(both[0].rows + both[1].rows).toBeGreaterThanOrEqual(210);
    expect(Object.fromEntries(await sealCounts(store))).toEqual({ new: 250 * 6 });
    const rows = await store.fork().find(applications, {}, { orderBy: { id: 'asc' } });
    expect(rows.map(({ applicantName }) => applicantName)).toEqual(Array.from({ length: 250 }, (_, i) => `演示甲${i + 1}`));
    for (const { applicantIdHash, applicantIdNumber } of rows) expect(applicantIdHash).toBe(mine.keys.hash(applicantIdNumber));
    expect(rows.filter(({ applicantPhone }) => applicantPhone.startsWith('139'))).toHaveLength(40);
    // the old key is of no use any more
    const { keys } = changing(NEW);
    await using later = await ledger(files.url, keys);
    expect((await later.fork().findOneOrFail(applications, 'a-0001')).applicantName).toBe('演示甲1');
  });

  test.skipIf(skip)('of rows whose key has several columns is sealed anew, each row once', async () => {
    await using files = await open();
    const { keys, set } = changing(OLD);
    await using store = await ledger(files.url, keys);
    await transaction(store.fork(), async (tx) => {
      for (let n = 0; n < 250; n++) tx.create(applicationVersions, version(`a-${Math.floor(n / 30)}`, n));
    });
    set(NEW, OLD);
    keys.refresh();
    expect(await rekey(store)).toEqual({ rows: 250, unreadable: 0 });
    expect(Object.fromEntries(await sealCounts(store))).toEqual({ new: 250 * 2 });
    expect(await rekey(store)).toEqual({ rows: 0, unreadable: 0 });
    const rows = await store.fork().find(applicationVersions, {}, { orderBy: { ordinal: 'asc' } });
    expect(rows.map(({ form }) => form[0]?.value)).toEqual(Array.from({ length: 250 }, (_, n) => `机密地址${n}`));
  });

  test.skipIf(skip)(
    'a running subgraph seals anew by itself when another key becomes current, and leaves what it can not read',
    async () => {
      await using files = await open();
      const { keys, set } = changing(OLD);
      await using store = await ledger(files.url, keys);
      await write(store, 1, 3);
      await store
        .fork()
        .execute(
          "update application set applicant_name = 'pd1.a.lost.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' where id = 'a-0002'",
          [],
          'run',
        );
      const logged: string[] = [];
      await using rekeying = new Rekeying(store, keys, pino({}, { write: (line: string) => void logged.push(line) }));
      await rekeying.settled();
      set(NEW, OLD);
      await rekeying.settled();
      await rekeying.settled();
      const counts = Object.fromEntries(await sealCounts(store));
      expect(counts).toEqual({ new: 12, old: 5, unknown: 1 });
      expect(logged.join('')).toContain('no configured key opens');
      expect(logged.join('')).not.toContain('演示甲');
      await expect(store.fork().findOneOrFail(applications, 'a-0002')).rejects.toThrow(/the key lost/);
    },
  );
});
