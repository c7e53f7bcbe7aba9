import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { storedFiles, uploads } from '../../../../../subgraphs/platform/acceptance/store/file-tables.js';
import { caller } from '../../../../support/environment.js';
import { openFiles, STORES, type TestStore } from '../../../../support/stores.js';
import { INPUT, WAITING } from '../world.js';
import { one } from './case-life.js';
import { APPLICANT, codeOf, openHandling, requestId, WINDOW } from './handling-world.js';

type Opened = Awaited<ReturnType<typeof openHandling>>;

const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(200_000, 'x'), Buffer.from('\n%%EOF\n')]);
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'), Buffer.alloc(64)]);
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const sm3 = (content: Buffer) => createHash('sm3').update(content).digest('hex');

const PREPARE = `mutation($input: PrepareUploadInput!) { prepareUpload(input: $input) {
  upload { id state fileName mediaType size sha256 sm3 scanned } target { url expiresAt } } }`;

describe('uploading a material', () => {
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

  const prepare = (input: object = {}, who = APPLICANT) =>
    it.world.ask(who, PREPARE, { input: { fileName: '平面图.pdf', mediaType: 'application/pdf', size: PDF.length, ...input } });
  const prepared = async (input: object = {}, who = APPLICANT) => one<any>(await prepare(input, who), 'prepareUpload');
  const send = async (url: string, content: Buffer | ReadableStream) => {
    const response = await fetch(url, { method: 'PUT', body: content as any, duplex: 'half' });
    return { status: response.status, body: (await response.json()) as any };
  };
  const sent = async (who = APPLICANT) => {
    const { upload, target } = await prepared({}, who);
    expect((await send(target.url, PDF)).status).toBe(200);
    return upload.id as string;
  };
  const withUpload = (uploadId: string, more: object = {}) => [
    INPUT.materials[0],
    { code: 'plan', source: 'ELECTRONIC', uploadId, ...more },
  ];

  test('is streamed, hashed as it comes, handed in, told to the department and fetched by whoever may', async () => {
    const { world, drug, time } = it;
    const { upload, target } = await prepared();
    expect(upload).toMatchObject({ state: 'EXPECTED', sha256: null });
    const stored = await send(target.url, PDF);
    expect(stored).toEqual({ status: 200, body: { id: upload.id, size: PDF.length, sha256: sha256(PDF), sm3: sm3(PDF), scanned: false } });
    // a client that did not hear the answer sends it again
    expect(await send(target.url, PDF)).toEqual(stored);

    const id = await world.submitted(APPLICANT, { materials: withUpload(upload.id) });
    const number = (await world.accept(id)).data?.['acceptApplication'].case.number;
    const MATERIALS = 'query($n: ID!) { case(number: $n) { materials { code contentHash url downloadUrl } } }';
    const planOf = async (who = APPLICANT) => one<any>(await world.ask(who, MATERIALS, { n: number }), 'case').materials[1];
    const plan = await planOf();
    expect(plan).toMatchObject({ code: 'plan', contentHash: `sha256:${sha256(PDF)}`, url: null });
    const response = await fetch(plan.downloadUrl);
    expect(Buffer.from(await response.arrayBuffer()).equals(PDF)).toBe(true);
    expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('平面图.pdf'));
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await planOf(caller('m', 'monitor'))).toMatchObject({ contentHash: null, downloadUrl: null });
    expect((await planOf(caller('o', 'department:drug'))).downloadUrl).not.toBeNull();
    time.now = new Date(time.now.getTime() + 11 * 60_000);
    expect((await fetch(plan.downloadUrl)).status).toBe(403);

    // the department's system gets an address, and fetches it with a token of its own
    await vi.waitFor(() => expect(drug.received.has(number)).toBe(true), WAITING);
    const pushed = drug.received.get(number)?.['materials'][1];
    expect(pushed).toMatchObject({ contentHash: `sha256:${sha256(PDF)}` });
    const as = async (role: string, audience = 'acceptance') =>
      fetch(pushed.url, { headers: { authorization: await world.environment.tokens.authorization(audience, caller('system', role)) } });
    expect(Buffer.from(await (await as('department:drug')).arrayBuffer()).equals(PDF)).toBe(true);
    expect((await as('department:housing')).status).toBe(404);
    // who sees persons masked gets no file of theirs
    for (const role of ['monitor', 'centre', 'bureau']) expect((await as(role)).status, role).toBe(404);
    expect((await as('department:drug', 'catalog')).status).not.toBe(200);
    expect((await fetch(pushed.url)).status).toBe(403);
  });

  test.each<[string, object, Buffer, number, string, string?]>([
    ['a file that is not what it says', {}, Buffer.concat([PNG, Buffer.alloc(PDF.length - PNG.length)]), 422, 'UPLOAD_REJECTED', 'TYPE'],
    [
      'a script that says it is an image',
      { mediaType: 'image/png', size: 20 },
      Buffer.from('<script>alert(1)</sc'),
      422,
      'UPLOAD_REJECTED',
      'TYPE',
    ],
    ['more than was announced', { size: 100 }, PDF, 422, 'UPLOAD_REJECTED', 'SIZE'],
    ['less than was announced', { size: PDF.length + 1 }, PDF, 422, 'UPLOAD_REJECTED', 'SIZE'],
    ['another content than announced', { sha256: 'a'.repeat(64) }, PDF, 422, 'UPLOAD_REJECTED', 'HASH'],
  ])('%s is turned down, and nothing of it stays', async (_what, announced, content, status, code, fault) => {
    const { upload, target } = await prepared(announced);
    const answer = await send(target.url, content);
    expect(answer).toMatchObject({ status, body: { error: { code, ...(fault && { fault }) } } });
    expect(await it.world.acceptance.store.fork().findOneOrFail(uploads, upload.id)).toMatchObject({ state: 'EXPECTED', sha256: null });
    expect(await readdir(join(files.url.replace('file:', ''), 'files', '.incoming'))).toEqual([]);
    const handedIn = await it.world.submit(APPLICANT, { ...INPUT, materials: withUpload(upload.id) });
    expect(codeOf(handedIn)).toBe('UPLOAD_INCOMPLETE');
  });

  const pathOf = (id: string, content: Buffer) => join(files.url.replace('file:', ''), 'files/uploads', id, sha256(content));
  const download = async (id: string) =>
    fetch(it.world.acceptance.url.replace('/graphql', `/materials/${id}`), { headers: await asDrug() });
  const asDrug = async () => ({
    authorization: await it.world.environment.tokens.authorization('acceptance', caller('system', 'department:drug')),
  });

  test('lies sealed in the store, and is not given out once a byte of it was changed there', async () => {
    const id = await sent();
    await it.world.submitted(APPLICANT, { materials: withUpload(id) });
    const whole = await readFile(pathOf(id, PDF));
    expect(whole.includes('%PDF') || whole.includes('xxxxxxxx') || whole.includes('%%EOF')).toBe(false);
    expect(Buffer.from(await (await download(id)).arrayBuffer()).equals(PDF)).toBe(true);
    await writeFile(pathOf(id, PDF), Buffer.from(whole).fill(whole.at(70_000) === 1 ? 2 : 1, 70_000, 70_001));
    await expect(download(id).then((response) => response.arrayBuffer())).rejects.toThrow();
    await writeFile(pathOf(id, PDF), whole.subarray(0, -1));
    await expect(download(id).then((response) => response.arrayBuffer())).rejects.toThrow();
    await writeFile(pathOf(id, PDF), whole);
    expect(Buffer.from(await (await download(id)).arrayBuffer()).equals(PDF)).toBe(true);
  });

  test('of two contents sent at once one is taken, and it is the one that is kept', async () => {
    const other = Buffer.from(PDF).fill('y', 100, 200);
    for (let round = 0; round < 5; round++) {
      const { upload, target } = await prepared();
      const answers = await Promise.all([PDF, other].map((content) => send(target.url, content)));
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
      await it.world.submitted(APPLICANT, { materials: withUpload(upload.id) });
      const kept = Buffer.from(await (await download(upload.id)).arrayBuffer());
      expect(sha256(kept)).toBe(answers.find(({ status }) => status === 200)?.body.sha256);
    }
  });

  test('a sender that breaks off leaves nothing behind and may send again', async () => {
    const { target } = await prepared();
    const broken = request(target.url, { method: 'PUT', headers: { 'content-length': PDF.length } });
    const closed = new Promise((resolve) => broken.on('close', resolve));
    broken.on('error', () => {});
    broken.write(PDF.subarray(0, 1_000), () => broken.destroy());
    await closed;
    await vi.waitFor(async () => expect(await readdir(join(files.url.replace('file:', ''), 'files', '.incoming'))).toEqual([]), WAITING);
    expect((await send(target.url, PDF)).status).toBe(200);
  });

  test('a body without end is cut off', async () => {
    const { target } = await prepared();
    let bytes = 0;
    const endless = new ReadableStream({
      pull(controller) {
        bytes += 1 << 20;
        controller.enqueue(new Uint8Array(1 << 20));
      },
    });
    // the connection may go before the answer is read
    const outcome = await fetch(target.url, { method: 'PUT', body: endless, duplex: 'half' }).then(
      ({ status }) => status,
      () => 'cut off',
    );
    expect(outcome).toBeOneOf([413, 422, 'cut off']);
    // what lies in buffers on the way is sent, but no more
    expect(bytes).toBeLessThan(200 << 20);
  });

  test('only by the address that was given out, and for what it was given out', async () => {
    const { target } = await prepared();
    const other = await prepared();
    expect((await send(target.url.split('?')[0], PDF)).body.error.code).toBe('LINK_INVALID');
    expect((await send(target.url.replace(/uploads\/[^?]+/, `uploads/${other.upload.id}`), PDF)).status).toBe(403);
    expect((await fetch(target.url.replace('/uploads/', '/materials/'))).status).toBe(403);
    const now = it.time.now;
    it.time.now = new Date(now.getTime() + 31 * 60_000);
    expect((await send(target.url, PDF)).status).toBe(403);
    it.time.now = now;
    const preflight = await fetch(target.url, { method: 'OPTIONS', headers: { origin: 'https://portal.example' } });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'PUT']);
  });

  test('another content under the same upload is a conflict', async () => {
    const { target } = await prepared({ size: PDF.length });
    expect((await send(target.url, PDF)).status).toBe(200);
    const other = Buffer.from(PDF);
    other[100] = 0;
    expect(await send(target.url, other)).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
  });

  test("nobody hands in somebody else's file, nor one file twice", async () => {
    const { world } = it;
    const id = await sent();
    const other = caller('person-2', 'applicant');
    expect(codeOf(await world.submit(other, { ...INPUT, materials: withUpload(id) }))).toBe('UPLOAD_NOT_FOUND');
    expect(codeOf(await world.submit(APPLICANT, { ...INPUT, materials: withUpload('nothing') }))).toBe('UPLOAD_NOT_FOUND');
    expect(codeOf(await world.submit(APPLICANT, { ...INPUT, materials: withUpload(id, { contentHash: 'sha256:other' }) }))).toBe(
      'BAD_USER_INPUT',
    );
    await world.submitted(APPLICANT, { materials: withUpload(id) });
    expect(codeOf(await world.submit(APPLICANT, { ...INPUT, materials: withUpload(id) }))).toBe('UPLOAD_NOT_FOUND');
    expect(codeOf(await prepare({}, caller('m', 'monitor')))).toBe('FORBIDDEN');
    expect(codeOf(await prepare({}, caller('n')))).toBe('UNAUTHENTICATED');
  });

  test.each<[object, string]>([
    [{ mediaType: 'text/html' }, 'BAD_USER_INPUT'],
    [{ size: 0 }, 'BAD_USER_INPUT'],
    [{ size: 50 * 1024 * 1024 + 1 }, 'PAYLOAD_TOO_LARGE'],
    [{ sha256: 'short' }, 'BAD_USER_INPUT'],
    [{ fileName: ' ' }, 'BAD_USER_INPUT'],
  ])('%j is not prepared', async (input, code) => {
    expect(codeOf(await prepare(input))).toBe(code);
  });

  test('a retried preparation is the same upload', async () => {
    const clientRequestId = requestId();
    const [a, b] = await Promise.all([prepared({ clientRequestId }), prepared({ clientRequestId })]);
    expect(a.upload.id).toBe(b.upload.id);
    for (const other of [{ size: 7 }, { sha256: 'b'.repeat(64) }, { fileName: 'b.pdf' }])
      expect(codeOf(await prepare({ clientRequestId, ...other }))).toBe('CONFLICT');
  });
});

describe.each(STORES)('two contents that are sent at once on $name', ({ skip, open }) => {
  test.skipIf(skip)('are one, and the other one hears of it and leaves nothing behind', async () => {
    await using files = await open();
    await using directory = await openFiles();
    const kept = directory.url.replace('file:', '');
    await using it = await openHandling(files.url, '2026-11-24T01:00:00Z');
    await it.world.acceptance[Symbol.asyncDispose]();
    // both are looked at before either is stored
    const both = Promise.withResolvers<void>();
    let looked = 0;
    const virusScan = async () => {
      if (++looked === 2) both.resolve();
      await both.promise;
      return { clean: true } as const;
    };
    await it.world.start({}, {}, { virusScan, files: { kind: 'disk', directory: kept } });
    const input = { fileName: 'a.pdf', mediaType: 'application/pdf', size: PDF.length };
    const { upload, target } = one<any>(await it.world.ask(APPLICANT, PREPARE, { input }), 'prepareUpload');
    const other = Buffer.from(PDF);
    other[100] = 0;
    const contents = [PDF, other];
    const answers = await Promise.all(contents.map((body) => fetch(target.url, { method: 'PUT', body })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const winner = contents[answers.findIndex(({ status }) => status === 200)] as Buffer;
    expect(await it.world.acceptance.store.fork().findOneOrFail(uploads, upload.id)).toMatchObject({ sha256: sha256(winner) });
    expect(await readdir(join(kept, 'uploads', upload.id))).toEqual([sha256(winner)]);
    const stored = await it.world.acceptance.store.fork().find(storedFiles, {});
    expect(stored.map(({ storageKey }) => storageKey)).toEqual([`uploads/${upload.id}/${sha256(winner)}`]);
  });
});

test('what a process left in clear when it died is gone at the next start, and what others write stays', async () => {
  await using files = await openFiles();
  const scratch = join(files.url.replace('file:', ''), 'files', '.incoming');
  await mkdir(scratch, { recursive: true });
  for (const name of ['old', 'new']) await writeFile(join(scratch, name), PDF);
  await utimes(join(scratch, 'old'), 1_000_000, 1_000_000);
  await using _it = await openHandling(files.url, '2026-11-24T01:00:00Z');
  expect(await readdir(scratch)).toEqual(['new']);
});

describe('a virus scanner', () => {
  test('looks before anybody else can, and what it turns down is never there', async () => {
    await using files = await openFiles();
    await using it = await openHandling(files.url, '2026-11-24T01:00:00Z');
    const { world } = it;
    await world.acceptance[Symbol.asyncDispose]();
    const looked: string[] = [];
    let verdict: { clean: true } | { clean: false; threat: string } = { clean: false, threat: 'EICAR' };
    await world.start(
      {},
      {},
      {
        virusScan: async ({ path, size }) => {
          looked.push(`${path.endsWith('.pdf')} ${size}`);
          return verdict;
        },
      },
    );
    const ask = async () =>
      one<any>(
        await world.ask(WINDOW, PREPARE, { input: { fileName: 'a.pdf', mediaType: 'application/pdf', size: PDF.length } }),
        'prepareUpload',
      );
    const put = async (url: string) => {
      const response = await fetch(url, { method: 'PUT', body: PDF });
      return { status: response.status, body: (await response.json()) as any };
    };
    const bad = await ask();
    expect(await put(bad.target.url)).toMatchObject({ status: 422, body: { error: { code: 'UPLOAD_REJECTED', fault: 'SCANNER' } } });
    expect(JSON.stringify(await put(bad.target.url))).toContain('SCANNER');
    expect(await readdir(join(files.url.replace('file:', ''), 'files'))).toEqual(['.incoming']);
    verdict = { clean: true };
    const good = await ask();
    expect(await put(good.target.url)).toMatchObject({ status: 200, body: { scanned: true } });
    expect(looked).toHaveLength(2);
  });
});
