import type { SqlEntityManager } from '@mikro-orm/sql';
import { EventRefused } from '../../../kit/feed/consumer.js';
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

/** What a department says it has issued. */
export interface IssuedCertificate {
  readonly number: string;
  readonly issuedAt: Date;
  readonly detail: Record<string, unknown>;
}

/**
 * A number is of one case, and a case has one certificate: anybody verifies it by either. Told again, it is the same.
 * @returns whether it is to be entered
 * @throws EventRefused when the number is another case's, or the case has another certificate
 */
export async function isNewCertificate(tx: SqlEntityManager, caseNumber: string, number: string): Promise<boolean> {
  const known = await tx.find(certificates, { $or: [{ number }, { caseNumber }] }, { fields: ['number', 'caseNumber'] });
  if (known.some((one) => one.caseNumber !== caseNumber)) throw new EventRefused('its certificate has the number of one of another case');
  if (known.some((one) => one.number !== number)) throw new EventRefused('the case has a certificate with another number');
  return known.length === 0;
}

/** Enters a certificate, signed, so that anybody can verify it by its number. */
export async function recordCertificate(
  tx: SqlEntityManager,
  { certificateSeal }: Pick<Ledger, 'certificateSeal'>,
  row: CaseRow,
  { number, issuedAt, detail }: IssuedCertificate,
): Promise<void> {
  const department = await tx.findOne(departments, row.departmentCode);
  const item = await tx.findOne(items, { departmentCode: row.departmentCode, code: row.itemCode });
  const validUntil = /^\d{4}-\d{2}-\d{2}$/.test(String(detail['validUntil'])) ? String(detail['validUntil']) : null;
  const claims: CertificateClaims = {
    number,
    caseNumber: row.number,
    itemName: item?.name ?? row.itemCode,
    issuer: department?.name ?? row.departmentCode,
    kind: String(detail['kind']),
    holder: row.applicantKind === 'NATURAL_PERSON' ? SENSITIVE.NAME(row.applicantName) : row.applicantName,
    issuedAt: issuedAt.toISOString(),
    validUntil,
    electronic: detail['electronic'] === true,
  };
  tx.create(certificates, {
    number,
    caseNumber: row.number,
    electronic: claims.electronic,
    issuedAt,
    validUntil,
    signed: await certificateSeal.sign(CERTIFICATE_TYPE, claims),
  });
}
