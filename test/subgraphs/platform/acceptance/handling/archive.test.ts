import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openPromise } from 'yauzl';
import { generateInternalKeys } from '../../../../../subgraphs/kit/identity/internal-keys.js';
import { type DossierPart, packDossier } from '../../../../../subgraphs/platform/acceptance/archive/pack-dossier.js';
import { verifyArchive } from '../../../../../subgraphs/platform/acceptance/archive/verify-archive.js';
import { dossiers } from '../../../../../subgraphs/platform/acceptance/store/file-tables.js';
import { caller } from '../../../../support/environment.js';
import { openFiles, STORES, type TestStore } from '../../../../support/stores.js';
import { INPUT, WAITING } from '../world.js';
import { decided, delivered, one, wholeLife } from './case-life.js';
import { APPLICANT, codeOf, correction, handled, notice, openHandling, WINDOW } from './handling-world.js';

type Opened = Awaited<ReturnType<typeof openHandling>>;

const DOSSIER = 'closedAt sealDueAt sealedAt entries manifestSha256 sha256 handedOverAt receivedBy handOverNote url';
const CENTRE = caller('centre-1', 'centre');
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 'y'), Buffer.from('\n%%EOF\n')]);

describe('the archive', () => {
  let files: TestStore;
  let it: Opened;
  let directory: string;
  beforeAll(async () => {
    files = await openFiles();
    directory = files.url.replace('file:', '');
    it = await openHandling(files.url, '2026-11-24T01:00:00Z');
  });
  afterAll(async () => {
    await it[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  const read = async (number: string, who = WINDOW) =>
    one<any>(await it.world.ask(who, `query($n: ID!) { case(number: $n) { dossier { ${DOSSIER} } } }`, { n: number }), 'case').dossier;
  const seal = (number: string, who = CENTRE) =>
    it.world.ask(who, `mutation($n: ID!) { sealDossier(input: { caseNumber: $n }) { dossier { ${DOSSIER} } } }`, { n: number });
  const sealed = async (number: string) => one<any>(await seal(number), 'sealDossier').dossier;
  const verify = async (number: string, who = CENTRE) =>
    it.world.ask(who, 'query($n: ID!) { verifyDossier(caseNumber: $n) { valid problems laterEvents } }', { n: number });
  const handOver = (number: string, input: object = {}, who = CENTRE) =>
    it.world.ask(who, `mutation($input: HandOverDossierInput!) { handOverDossier(input: $input) { dossier { ${DOSSIER} } } }`, {
      input: { caseNumber: number, receivedBy: '河南省药品监督管理局档案室', note: '第1批', ...input },
    });

  /** A case that has everything: an uploaded material, a notice, a correction, a certificate. */
  async function fullCase(certificate: string): Promise<string> {
    const { world, drug } = it;
    const prepare = 'mutation($input: PrepareUploadInput!) { prepareUpload(input: $input) { upload { id } target { url } } }';
    const input = { fileName: '平面图.pdf', mediaType: 'application/pdf', size: PDF.length };
    const { upload, target } = one<any>(await world.ask(APPLICANT, prepare, { input }), 'prepareUpload');
    await fetch(target.url, { method: 'PUT', body: PDF });
    const id = await world.submitted(APPLICANT, {
      materials: [INPUT.materials[0], { code: 'plan', source: 'ELECTRONIC', uploadId: upload.id }],
    });
    await handled(world, 'giveNotice', notice(id));
    await handled(world, 'correctApplication', correction(id), APPLICANT);
    const number = one<any>(await world.accept(id), 'acceptApplication').case.number;
    await decided(world, drug, number, { documentNumber: `豫演许〔2026〕${certificate}` });
    drug.tell(number, 'CERTIFICATE_ISSUED', {
      certificate: { number: certificate, kind: 'CERTIFICATE', issuedAt: '2026-11-27T02:00:00.000Z', validUntil: null, electronic: true },
    });
    await delivered(world, drug, number);
    return number;
  }

  async function exported(number: string, name: string): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, Buffer.from(await (await fetch((await read(number)).url)).arrayBuffer()));
    return path;
  }

  test('a closed case becomes a sealed dossier with everything it led to', async () => {
    const number = await fullCase('豫演证字A1');
    const before = await read(number);
    expect(before).toMatchObject({ sealedAt: null, url: null, entries: null });
    expect(Date.parse(before.sealDueAt) - Date.parse(before.closedAt)).toBe(24 * 3_600_000);
    expect(codeOf(await verify(number))).toBe('DOSSIER_NOT_SEALED');
    expect(codeOf(await handOver(number))).toBe('DOSSIER_NOT_SEALED');

    const dossier = await sealed(number);
    const path = await exported(number, 'a1.zip');
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(dossier.sha256);
    const zip = await openPromise(path, { lazyEntries: true });
    const names: string[] = [];
    for await (const { fileName } of zip.eachEntry()) names.push(fileName);
    expect(new Set(names.map((name) => name.replace(/[0-9a-f-]{36}|\d\d(?=-)/, 'ID')))).toEqual(
      new Set([
        'case.json',
        'timeline.json',
        'application.json',
        'documents/ID-one_time_notice.pdf',
        'documents/ID-acceptance_notice.pdf',
        'documents/ID-approval_decision.pdf',
        'documents/ID-certificate.pdf',
        'documents/ID-delivery_receipt.pdf',
        'materials/ID.pdf',
        'manifest.json',
        'seal.jws',
        'keys.json',
      ]),
    );
    expect(names.slice(-3)).toEqual(['manifest.json', 'seal.jws', 'keys.json']);
    expect(dossier.entries).toBe(9);
    const { valid, manifest, authentic } = await verifyArchive(path, it.world.keys.publicKeys);
    expect({ valid, authentic }).toEqual({ valid: true, authentic: true });
    expect(manifest?.entries.find(({ kind }) => kind === 'MATERIAL')).toMatchObject({
      title: '平面图.pdf',
      sha256: createHash('sha256').update(PDF).digest('hex'),
    });
    expect(one<any>(await verify(number), 'verifyDossier')).toEqual({ valid: true, problems: [], laterEvents: 0 });
    // sealed is sealed
    expect(await sealed(number)).toMatchObject({ sealedAt: dossier.sealedAt, sha256: dossier.sha256 });
  });

  test('one changed byte is found, wherever it is', { timeout: 120_000 }, async () => {
    const number = await wholeLife(it.world, it.drug, { number: '豫演证字A2' });
    await sealed(number);
    const path = await exported(number, 'a2.zip');
    const whole = await readFile(path);
    expect((await verifyArchive(path)).valid).toBe(true);
    const changed = join(directory, 'changed.zip');
    const isFound = async (content: Buffer) => {
      await writeFile(changed, content);
      return !(await verifyArchive(changed, it.world.keys.publicKeys)).valid;
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (place, by) => {
        const other = Buffer.from(whole);
        other[place] = (other[place] as number) ^ by;
        expect(await isFound(other)).toBe(true);
      }),
      // the containers' own bytes, whose change no content shows, are at both ends and in between
      {
        numRuns: 60,
        examples: [
          [10, 1],
          [whole.length - 1, 1],
          [whole.length - 30, 4],
        ],
      },
    );
    for (const content of [whole.subarray(1), whole.subarray(0, -1), Buffer.concat([whole, Buffer.from('x')]), Buffer.alloc(0)])
      expect(await isFound(content)).toBe(true);
  });

  test('a file that is in it twice is found, though every copy of it is good or comes after a good one', async () => {
    const number = await wholeLife(it.world, it.drug, { number: '豫演证字A7' });
    await sealed(number);
    const zip = await openPromise(await exported(number, 'a7.zip'), { lazyEntries: true, autoClose: false });
    const parts: DossierPart[] = [];
    for await (const entry of zip.eachEntry()) {
      const content = await buffer(await zip.openReadStreamPromise(entry));
      parts.push({ path: entry.fileName, size: content.length, open: async () => Readable.from([content]) });
    }
    zip.close();
    const verifyPacked = async (packed: readonly DossierPart[]) => {
      const path = join(directory, 'a7-packed.zip');
      await writeFile(path, await buffer(packDossier(packed)));
      return verifyArchive(path, it.world.keys.publicKeys);
    };
    expect(await verifyPacked(parts)).toMatchObject({ valid: true });
    const [first] = parts as [DossierPart];
    const other = { ...first, size: 2, open: async () => Readable.from([Buffer.from('{}')]) };
    for (const doubled of [first, other])
      expect(await verifyPacked([...parts, doubled])).toMatchObject({
        valid: false,
        problems: [`${first.path} is in it more than once`],
      });
  });

  test('a dossier that somebody else has sealed is whole, and not authentic', async () => {
    const number = await wholeLife(it.world, it.drug, { number: '豫演证字A3' });
    await sealed(number);
    const path = await exported(number, 'a3.zip');
    expect(await verifyArchive(path)).toMatchObject({ valid: true, authentic: false });
    const others = (await generateInternalKeys()).publicKeys;
    expect(await verifyArchive(path, others)).toMatchObject({ valid: false, problems: ['the seal is not good'] });
  });

  test('a change in the archive itself is found too', async () => {
    const number = await wholeLife(it.world, it.drug, { number: '豫演证字A4' });
    await sealed(number);
    const { storageKey } = await it.world.acceptance.store.fork().findOneOrFail(dossiers, number);
    const path = join(directory, 'files', storageKey as string);
    const whole = await readFile(path);
    await writeFile(path, Buffer.from(whole).fill(0x20, 500, 501));
    expect(one<any>(await verify(number), 'verifyDossier').valid).toBe(false);
    await writeFile(path, whole);
    expect(one<any>(await verify(number), 'verifyDossier').valid).toBe(true);
    await writeFile(path, '');
    expect(one<any>(await verify(number), 'verifyDossier').valid).toBe(false);
  });

  test('what happens after the seal is told', async () => {
    const { world, drug } = it;
    const number = await world.accepted('drug');
    await decided(world, drug, number, { outcome: 'WITHDRAWN', documentNumber: '豫演许〔2026〕W' });
    await sealed(number);
    await delivered(world, drug, number);
    expect(one<any>(await verify(number), 'verifyDossier')).toEqual({ valid: true, problems: [], laterEvents: 1 });
  });

  test('the hand-over is recorded once', async () => {
    const number = await wholeLife(it.world, it.drug, { number: '豫演证字A5' });
    await sealed(number);
    const recorded = one<any>(await handOver(number), 'handOverDossier').dossier;
    expect(recorded).toMatchObject({ receivedBy: '河南省药品监督管理局档案室', handOverNote: '第1批', handedOverAt: expect.any(String) });
    // whoever took it is a person
    const kept = await it.world.acceptance.store.fork().execute('select * from dossier where case_number = ?', [number]);
    expect(JSON.stringify(kept)).toContain(number);
    expect(JSON.stringify(kept)).not.toMatch(/档案室|第1批/);
    expect(one<any>(await handOver(number), 'handOverDossier').dossier.handedOverAt).toBe(recorded.handedOverAt);
    expect(codeOf(await handOver(number, { receivedBy: '别处' }))).toBe('DOSSIER_HANDED_OVER');
  });

  test('is for staff, and only a closed case has a dossier', async () => {
    const number = await it.world.accepted('drug');
    expect(codeOf(await seal(number))).toBe('CASE_NOT_CLOSED');
    expect(codeOf(await seal('nothing'))).toBe('CASE_NOT_FOUND');
    expect(codeOf(await seal(number, APPLICANT))).toBe('FORBIDDEN');
    expect(codeOf(await handOver(number, {}, caller('o', 'department:drug')))).toBe('FORBIDDEN');
    expect(codeOf(await verify(number, APPLICANT))).toBe('FORBIDDEN');
    expect(codeOf(await verify(number, caller('o', 'department:housing')))).toBe('CASE_NOT_FOUND');
    const closed = await wholeLife(it.world, it.drug, { number: '豫演证字A6' });
    await sealed(closed);
    expect(await read(closed, APPLICANT)).toBeNull();
    // who sees persons masked sees that there is a dossier, and does not get it
    expect(await read(closed, CENTRE)).toMatchObject({ url: null, entries: expect.any(Number) });
    expect((await read(closed, caller('o', 'department:drug'))).url).not.toBeNull();
  });
});

describe.each(STORES)('dossiers on $name', ({ skip, open }) => {
  test.skipIf(skip)('are sealed by themselves when they are due, once', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, '2026-11-24T01:00:00Z');
    const { world, drug, time } = it;
    const number = await wholeLife(world, drug);
    const read = () => world.acceptance.store.fork().findOneOrFail(dossiers, number);
    expect((await read()).sealedAt).toBeNull();
    time.now = new Date((await read()).sealDueAt.getTime());
    await vi.waitFor(async () => expect((await read()).sealedAt).not.toBeNull(), WAITING);
    expect(await read()).toMatchObject({ entries: 7 });
  });
});
