import type { SqlEntityManager } from '@mikro-orm/sql';
import { dossiers } from '../store/file-tables.js';
import type { CaseRow } from '../store/tables.js';

/** A closed case is owed a dossier (Art. 25): says so in the transaction that closes it. Once; what is sealed stays sealed. */
export async function openDossier(tx: SqlEntityManager, row: CaseRow, sealAfter: number): Promise<void> {
  if (row.closedAt == null) return;
  const known = await tx.findOne(dossiers, row.number);
  const due = { closedAt: row.closedAt, sealDueAt: new Date(row.closedAt.getTime() + sealAfter) };
  if (known !== null) {
    // a withdrawn case is closed by the decision, and once more when that is delivered
    if (known.sealedAt == null) Object.assign(known, due);
    return;
  }
  tx.create(dossiers, {
    caseNumber: row.number,
    departmentCode: row.departmentCode,
    ...due,
    storageKey: null,
    size: null,
    sha256: null,
    sealedAt: null,
    entries: null,
    manifestSha256: null,
    seal: null,
    handedOverAt: null,
    handedOverBy: null,
    receivedBy: null,
    handOverNote: null,
  });
}
