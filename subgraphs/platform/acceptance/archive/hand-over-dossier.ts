import { LockMode } from '@mikro-orm/core';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import { transaction } from '../../../kit/store/transaction.js';
import { subjectKey } from '../access/subject-key.js';
import type { Ledger } from '../ledger.js';
import { type DossierRow, dossiers } from '../store/file-tables.js';
import { paragraph } from '../submission/handed-in-application.js';
import type { HandOverDossierInput } from '../types/dossier.js';

/**
 * Records that a sealed dossier was handed over to the department's archive (Art. 25). Once: the first hand-over stands.
 * @throws CataloguedError DOSSIER_NOT_SEALED, DOSSIER_HANDED_OVER, BAD_USER_INPUT
 */
export async function handOverDossier({ store, clock }: Ledger, caller: Caller, input: HandOverDossierInput): Promise<DossierRow> {
  requireRole(caller, 'window', 'centre');
  const receivedBy = paragraph('receivedBy', input.receivedBy, 200);
  const note = input.note == null ? null : paragraph('note', input.note);
  return transaction(store.fork(), async (tx) => {
    const dossier = await tx.findOne(dossiers, input.caseNumber, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (dossier?.sealedAt == null) throw new CataloguedError('DOSSIER_NOT_SEALED', 'the dossier of this case is not sealed yet');
    if (dossier.handedOverAt != null) {
      if (dossier.receivedBy === receivedBy && (dossier.handOverNote ?? null) === note) return dossier;
      throw new CataloguedError('DOSSIER_HANDED_OVER', 'the dossier was handed over before; that record stands');
    }
    return Object.assign(dossier, {
      handedOverAt: clock(),
      handedOverBy: subjectKey(caller.subject),
      receivedBy,
      handOverNote: note,
    });
  });
}
