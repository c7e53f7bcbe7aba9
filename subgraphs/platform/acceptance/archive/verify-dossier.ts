import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { Ledger } from '../ledger.js';
import { dossiers } from '../store/file-tables.js';
import { progress } from '../store/tables.js';
import { verifyArchive } from './verify-archive.js';

export interface DossierVerification {
  valid: boolean;
  problems: string[];
  /** How many events of the case the ledger has that came after the seal. */
  laterEvents: number;
}

/** Verifies a sealed dossier as it lies in the archive. @throws CataloguedError DOSSIER_NOT_SEALED */
export async function verifyDossier({ store, files, certificateSeal }: Ledger, caseNumber: string): Promise<DossierVerification> {
  const dossier = await store.fork().findOne(dossiers, caseNumber);
  if (dossier?.storageKey == null) throw new CataloguedError('DOSSIER_NOT_SEALED', 'the dossier of this case is not sealed yet');
  const path = join(files.scratch, randomUUID());
  try {
    await pipeline(await files.read(dossier.storageKey), createWriteStream(path, { mode: 0o600 }));
    const { problems, manifest } = await verifyArchive(path, certificateSeal.publicKeys);
    const other = manifest !== null && manifest.caseNumber !== caseNumber ? ['it is the dossier of another case'] : [];
    const events = await store.fork().count(progress, { caseNumber });
    const found = [...problems, ...other];
    return { valid: found.length === 0, problems: found, laterEvents: manifest === null ? 0 : events - manifest.events };
  } catch (error) {
    if (error instanceof CataloguedError) throw error;
    return { valid: false, problems: ['its file was changed or is missing, or the store does not answer'], laterEvents: 0 };
  } finally {
    await rm(path, { force: true });
  }
}
