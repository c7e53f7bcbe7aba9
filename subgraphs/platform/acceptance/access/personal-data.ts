import { type Caller, hasRole } from '../../../kit/identity/caller.js';
import type { HandedMaterial, HandedValue } from '../store/handed-in.js';
import type { ApplicantKind } from '../types/enums.js';
import { type GuardedRow, isApplicantOf, isOfficerFor } from './row-guard.js';

/** What is known of an applicant. */
export interface ApplicantData {
  kind: ApplicantKind;
  name: string;
  idNumber: string;
  phone: string;
}

interface PersonalRow extends GuardedRow {
  applicantKind: ApplicantKind;
  applicantName: string;
  applicantIdNumber: string;
  applicantPhone: string;
  materials: readonly HandedMaterial[];
  form: readonly HandedValue[];
}

/** The applicant, windows and the officers of the department see personal data; everybody else sees it masked. */
export function seesPersonalData(caller: Caller, row: GuardedRow): boolean {
  return hasRole(caller, 'window') || isOfficerFor(caller, row) || isApplicantOf(caller, row);
}

export function applicantFor(caller: Caller, row: PersonalRow): ApplicantData {
  const { applicantKind: kind, applicantName: name, applicantIdNumber: idNumber, applicantPhone: phone } = row;
  if (seesPersonalData(caller, row)) return { kind, name, idNumber, phone };
  return { kind, name: maskName(name), idNumber: maskIdNumber(idNumber), phone: maskPhone(phone) };
}

/** What an applicant wrote is as personal as the applicant's name: the values are withheld, the entries are not. */
export function formFor(caller: Caller, row: PersonalRow): { name: string; value: string | null }[] {
  const full = seesPersonalData(caller, row);
  return row.form.map(({ name, value }) => ({ name, value: full ? value : null }));
}

/** That a material was handed in is no secret; where it lies, and the hash by which it can be recognised, is. */
export function materialsFor(caller: Caller, row: PersonalRow): HandedMaterial[] {
  if (seesPersonalData(caller, row)) return [...row.materials];
  return row.materials.map((material) => ({ ...material, contentHash: null, url: null, uploadId: null }));
}

/** 张三丰 → 张*. How long a name is would tell something too. */
export function maskName(name: string): string {
  return `${Array.from(name)[0] ?? ''}*`;
}

/** 4101**********123X: the first and last four characters of eighteen stay. */
export function maskIdNumber(number: string): string {
  return number.length < 12 ? '*'.repeat(number.length) : number.slice(0, 4) + '*'.repeat(number.length - 8) + number.slice(-4);
}

/** 138****5678: the last four digits stay, and the first three. */
export function maskPhone(phone: string): string {
  return phone.length < 9 ? '*'.repeat(phone.length) : phone.slice(0, 3) + '*'.repeat(phone.length - 7) + phone.slice(-4);
}

/** A text of somebody else's, such as a department's error message, without what it may repeat of the applicant. */
export function withoutPersonalData(
  text: string,
  row: Pick<PersonalRow, 'applicantName' | 'applicantIdNumber' | 'applicantPhone'>,
): string {
  return [row.applicantIdNumber, row.applicantPhone, row.applicantName].reduce((left, secret) => left.replaceAll(secret, '*'), text);
}
