import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LockMode } from '@mikro-orm/core';
import { fileTypeFromFile } from 'file-type';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { transaction } from '../../../kit/store/transaction.js';
import { ContentHashes } from '../files/content-hashes.js';
import type { StoredFile } from '../files/file-store.js';
import type { Ledger } from '../ledger.js';
import { type UploadRow, uploads } from '../store/file-tables.js';
import { ACCEPTED_MEDIA_TYPES, LARGEST_FILE } from './upload-limits.js';
import { uploadKey } from './with-uploads.js';

/**
 * Takes a file in: through the scratch directory, hashed as it passes, never held in memory; what it is is told from its
 * first bytes; a scanner, where there is one, looks before anybody else can. The same file sent again is taken as sent once.
 * @throws CataloguedError UPLOAD_NOT_FOUND, UPLOAD_REJECTED saying why, CONFLICT when another content came before
 */
export async function receiveUpload(ledger: Ledger, id: string, body: Readable): Promise<UploadRow> {
  const { store, files, clock, virusScan } = ledger;
  const expected = await store.fork().findOne(uploads, id);
  if (expected === null || expected.id !== id) throw new CataloguedError('UPLOAD_NOT_FOUND', 'no upload is expected here');
  if (expected.state === 'REJECTED') throw rejected('SCANNER', 'the virus scanner turned this upload down');
  const path = join(files.scratch, `${id}.${randomUUID()}`);
  try {
    const stored = await written(path, body, expected);
    if (expected.state === 'STORED') return sameFile(expected, stored);
    let state: UploadRow['state'] = 'STORED';
    if (virusScan !== undefined) {
      const verdict = await virusScan({ path, mediaType: expected.mediaType, size: stored.size });
      if (!verdict.clean) state = 'REJECTED';
    }
    const adopted = uploadKey({ id, sha256: stored.sha256 });
    if (state === 'STORED') await files.adopt(adopted, path, stored.size);
    const row = await transaction(store.fork(), async (tx) => {
      // of two that arrive at once, the second waits here and sees what the first one stored
      const upload = await tx.findOneOrFail(uploads, id, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (upload.state !== 'EXPECTED') return upload;
      return Object.assign(upload, {
        state,
        sha256: stored.sha256,
        sm3: stored.sm3,
        scanned: virusScan !== undefined,
        storedAt: clock(),
      });
    });
    if (state === 'STORED' && (row.state !== 'STORED' || row.sha256 !== stored.sha256)) await files.remove(adopted);
    if (row.state === 'REJECTED') throw rejected('SCANNER', 'the virus scanner turned this upload down');
    return sameFile(row, stored);
  } finally {
    await rm(path, { force: true });
  }
}

async function written(path: string, body: Readable, expected: UploadRow): Promise<StoredFile> {
  const size = expected.size;
  const hashes = new ContentHashes();
  // not `pipeline(body, …)`, which destroys what it could not read to its end: the sender has to hear why
  const measured = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      hashes.update(chunk as Uint8Array);
      // a little too much is read and dropped; without end it is cut off
      if (hashes.size > LARGEST_FILE) throw rejected('SIZE', `a file has at most ${LARGEST_FILE} bytes`);
      if (hashes.size <= size) yield chunk as Uint8Array;
    }
  };
  await pipeline(measured, createWriteStream(path, { mode: 0o600 }));
  const stored = hashes.digest();
  if (stored.size !== size) throw rejected('SIZE', `${stored.size} bytes, not the ${size} that were announced`);
  const found = await fileTypeFromFile(path);
  if (!(ACCEPTED_MEDIA_TYPES[expected.mediaType] ?? []).includes(found?.mime ?? ''))
    throw rejected('TYPE', `its first bytes are not those of ${expected.mediaType}`);
  if (expected.announcedSha256 != null && expected.announcedSha256 !== stored.sha256)
    throw rejected('HASH', 'its SHA-256 is not the one that was announced');
  return stored;
}

function sameFile(row: UploadRow, { sha256 }: StoredFile): UploadRow {
  if (row.sha256 === sha256) return row;
  throw new CataloguedError('CONFLICT', 'another content was stored under this upload; prepare a new one');
}

function rejected(fault: 'SIZE' | 'TYPE' | 'HASH' | 'SCANNER', what: string): CataloguedError {
  return new CataloguedError('UPLOAD_REJECTED', `the file was not taken: ${what}`, { fault });
}
