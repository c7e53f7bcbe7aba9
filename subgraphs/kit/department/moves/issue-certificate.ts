import { type Day, shanghaiDay } from '../../calendar/working-calendar.js';
import type { DepartmentOffice } from '../definition.js';
import { certificateMayBeIssued } from '../rules/certificate-after-approval.js';
import { certificates } from '../store.js';
import { CaseEventKind } from '../types/case-enums.js';
import type { Move } from './move-case.js';
import { recordStep } from './steps.js';

export function issueCertificate({ documentPrefix }: DepartmentOffice, electronic: boolean): Move {
  return (file, made) => {
    const step = certificateMayBeIssued(file);
    const { tx, at } = made;
    recordStep(file, step, made, at);
    const { validYears, guide } = file.item;
    const certificate = tx.create(certificates, {
      caseNumber: file.number,
      number: `${documentPrefix}证字${file.number}`,
      kind: guide.result,
      issuedAt: at,
      validUntil: validYears === undefined ? null : lastDay(shanghaiDay(at), validYears),
      electronic,
    });
    return { kind: CaseEventKind.CERTIFICATE_ISSUED, certificate };
  };
}

/** The day before the same date so many years on: issued 2026-11-24 for three years, it is valid through 2029-11-23. */
export function lastDay(from: Day, years: number): Day {
  const date = new Date(`${from}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
