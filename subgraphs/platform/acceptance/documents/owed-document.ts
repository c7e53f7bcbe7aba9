import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { documents } from '../store/file-tables.js';
import type { ApplicationRow } from '../store/tables.js';
import type { DocumentKind } from '../types/paper-enums.js';

export interface OwedDocument {
  kind: DocumentKind;
  application: Pick<ApplicationRow, 'id' | 'departmentCode' | 'caseNumber'>;
  /** Of an application's documents, which of the kind; of a case's, the place in its timeline of what the document tells. */
  ordinal: number;
  /** The date it bears. */
  at: Date;
}

/**
 * Says, in the transaction that makes it so, that somebody is owed a document. It is drawn when it is first asked for,
 * from then on it is kept as it is: names of items and departments are those of that day, limits those of that day's calendar.
 */
export function oweDocument(tx: SqlEntityManager, { kind, application, ordinal, at }: OwedDocument): void {
  tx.create(documents, {
    id: randomUUID(),
    applicationId: application.id,
    caseNumber: application.caseNumber ?? null,
    departmentCode: application.departmentCode,
    kind,
    ordinal,
    createdAt: at,
    size: null,
    sha256: null,
    sm3: null,
  });
}
