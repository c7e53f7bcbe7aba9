import { type Caller, hasRole } from '../../../kit/identity/caller.js';
import { SENSITIVE } from '../../../kit/privacy/masks.js';
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
  return { kind, name: SENSITIVE.NAME(name), idNumber: SENSITIVE.ID_NUMBER(idNumber), phone: SENSITIVE.PHONE(phone) };
}

/** What an applicant wrote is as personal as the applicant's name: the values are withheld, the entries are not. */
export function formFor(caller: Caller, row: PersonalRow): { name: string; value: string | null }[] {
  const full = seesPersonalData(caller, row);
  return row.form.map(({ name, value }) => ({ name, value: full ? value : SENSITIVE.WRITING() }));
}

/** That a material was handed in is no secret; where it lies, and the hash by which it can be recognised, is. */
export function materialsFor(caller: Caller, row: PersonalRow): HandedMaterial[] {
  if (seesPersonalData(caller, row)) return [...row.materials];
  return row.materials.map((material) => ({ ...material, contentHash: null, url: null, uploadId: null }));
}
