import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { ContentHashes } from '../files/content-hashes.js';
import type { Ledger } from '../ledger.js';
import { type DossierRow, dossiers } from '../store/file-tables.js';
import { cases, departments, items } from '../store/tables.js';
import { dossierContents } from './dossier-contents.js';
import { DOSSIER_FORMAT, DOSSIER_TYPE, type DossierManifest, KEYS_FILE, MANIFEST_FILE, SEAL_FILE } from './dossier-format.js';
import { type DossierPart, packDossier } from './pack-dossier.js';

/**
 * Seals the dossier of a closed case (Art. 25): packs everything the case led to, with a manifest of hashes and the
 * platform's signature over it. Sealing what is sealed changes nothing; of several that seal at once, one does.
 * @throws CataloguedError CASE_NOT_FOUND, CASE_NOT_CLOSED
 */
export async function sealDossier(ledger: Ledger, caseNumber: string): Promise<DossierRow> {
  const { store, files, certificateSeal, clock } = ledger;
  const em = store.fork();
  const row = await em.findOne(cases, caseNumber);
  if (row === null || row.number !== caseNumber)
    throw new CataloguedError('CASE_NOT_FOUND', 'caseNumber is no case', { field: 'caseNumber' });
  const dossier = await em.findOne(dossiers, caseNumber);
  if (dossier === null || row.closedAt == null)
    throw new CataloguedError('CASE_NOT_CLOSED', 'the case is not closed yet: nothing is archived');
  if (dossier.sealedAt != null) return dossier;

  const department = await em.findOne(departments, row.departmentCode);
  const item = await em.findOne(items, { departmentCode: row.departmentCode, code: row.itemCode });
  const { contents, events } = await dossierContents(ledger, row);
  const sealedAt = clock();
  const manifest: DossierManifest = {
    format: DOSSIER_FORMAT,
    caseNumber,
    departmentCode: row.departmentCode,
    departmentName: department?.name ?? row.departmentCode,
    itemCode: row.itemCode,
    itemName: item?.name ?? row.itemCode,
    acceptedAt: row.acceptedAt.toISOString(),
    closedAt: row.closedAt.toISOString(),
    sealedAt: sealedAt.toISOString(),
    events,
    entries: contents.map(({ entry }) => entry),
  };
  const manifestBytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const manifestSha256 = createHash('sha256').update(manifestBytes).digest('hex');
  const seal = await certificateSeal.sign(DOSSIER_TYPE, { caseNumber, manifestSha256, sealedAt: manifest.sealedAt });
  const parts = [
    ...contents,
    part(MANIFEST_FILE, manifestBytes),
    part(SEAL_FILE, Buffer.from(seal)),
    part(KEYS_FILE, Buffer.from(JSON.stringify(certificateSeal.publicKeys))),
  ];
  const id = randomUUID();
  const path = join(files.scratch, id);
  // a name of its own: whoever loses the race below must not have replaced the winner's file
  const storageKey = `dossiers/${caseNumber}-${id}.zip`;
  try {
    const { size, sha256 } = await written(path, packDossier(parts));
    await files.adopt(storageKey, path, size);
    const won = await store
      .fork()
      .nativeUpdate(
        dossiers,
        { caseNumber, sealedAt: null },
        { sealedAt, storageKey, size, sha256, entries: contents.length, manifestSha256, seal },
      );
    if (won === 0) await files.remove(storageKey);
  } finally {
    await rm(path, { force: true });
  }
  return store.fork().findOneOrFail(dossiers, caseNumber);
}

function part(path: string, content: Buffer): DossierPart {
  return { path, size: content.byteLength, open: async () => Readable.from([content]) };
}

async function written(path: string, content: Readable) {
  const hashes = new ContentHashes();
  const look = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hashes.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(content, look, createWriteStream(path, { mode: 0o600 }));
  return hashes.digest();
}
