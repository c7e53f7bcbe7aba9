import { shanghaiDay } from '../../../kit/calendar/working-calendar.js';
import type { Ledger } from '../ledger.js';
import { certificates, documents } from '../store/file-tables.js';
import type { CertificateState } from '../types/paper-enums.js';
import { CERTIFICATE_TYPE, type CertificateClaims } from './record-certificate.js';

export interface CertificateVerification {
  number: string;
  state: CertificateState;
  /** What the signature vouches for; null when there is nothing or it is not good. */
  claims: CertificateClaims | null;
  /** Of the e-certificate as a PDF; null before anybody had it drawn. */
  documentSha256: string | null;
  signed: string | null;
}

/**
 * Whether there is a certificate with that number and what it says, by its signature and not by what a row says: a row
 * that was changed does not verify. For anybody.
 */
export async function verifyCertificate({ store, certificateSeal, clock }: Ledger, number: string): Promise<CertificateVerification> {
  const em = store.fork();
  const row = number.length > 128 ? null : await em.findOne(certificates, number);
  if (row === null || row.number !== number) return { number, state: 'UNKNOWN', claims: null, documentSha256: null, signed: null };
  const claims = (await certificateSeal.verify(row.signed, CERTIFICATE_TYPE)) as CertificateClaims | undefined;
  const asRecorded =
    claims?.number === row.number &&
    claims.caseNumber === row.caseNumber &&
    claims.validUntil === (row.validUntil ?? null) &&
    claims.issuedAt === row.issuedAt.toISOString();
  if (claims === undefined || !asRecorded) return { number, state: 'TAMPERED', claims: null, documentSha256: null, signed: row.signed };
  const document = await em.findOne(documents, { caseNumber: row.caseNumber, kind: 'CERTIFICATE' });
  const expired = claims.validUntil !== null && shanghaiDay(clock()) > claims.validUntil;
  return { number, state: expired ? 'EXPIRED' : 'VALID', claims, documentSha256: document?.sha256 ?? null, signed: row.signed };
}
