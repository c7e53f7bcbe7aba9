import type { SqlEntityManager } from '@mikro-orm/sql';
import { SENSITIVE } from '../../../kit/privacy/masks.js';
import type { Ledger } from '../ledger.js';
import { certificates } from '../store/file-tables.js';
import { type CaseRow, departments, items } from '../store/tables.js';

export const CERTIFICATE_TYPE = 'certificate+jws';

/** What the platform signs of a certificate. Whose it is stays masked: whoever has the certificate can read the name on it. */
export interface CertificateClaims {
  readonly number: string;
  readonly caseNumber: string;
  readonly itemName: string;
  readonly issuer: string;
  readonly kind: string;
  readonly holder: string;
  readonly issuedAt: string;
  readonly validUntil: string | null;
  readonly electronic: boolean;
}

/** Enters the certificate that a department says it has issued, signed, so that anybody can verify it by its number. */
export async function recordCertificate(
  tx: SqlEntityManager,
  { certificateSeal }: Pick<Ledger, 'certificateSeal'>,
  row: CaseRow,
  detail: Record<string, unknown>,
): Promise<void> {
  const number = String(detail['number']);
  if ((await tx.findOne(certificates, { $or: [{ number }, { caseNumber: row.number }] })) !== null) return;
  const department = await tx.findOne(departments, row.departmentCode);
  const item = await tx.findOne(items, { departmentCode: row.departmentCode, code: row.itemCode });
  const issuedAt = new Date(String(detail['issuedAt']));
  const validUntil = /^\d{4}-\d{2}-\d{2}$/.test(String(detail['validUntil'])) ? String(detail['validUntil']) : null;
  const claims: CertificateClaims = {
    number,
    caseNumber: row.number,
    itemName: item?.name ?? row.itemCode,
    issuer: department?.name ?? row.departmentCode,
    kind: String(detail['kind']),
    holder: row.applicantKind === 'NATURAL_PERSON' ? SENSITIVE.NAME(row.applicantName) : row.applicantName,
    issuedAt: (Number.isNaN(issuedAt.getTime()) ? row.acceptedAt : issuedAt).toISOString(),
    validUntil,
    electronic: detail['electronic'] === true,
  };
  tx.create(certificates, {
    number,
    caseNumber: row.number,
    electronic: claims.electronic,
    issuedAt: new Date(claims.issuedAt),
    validUntil,
    signed: await certificateSeal.sign(CERTIFICATE_TYPE, claims),
  });
}
