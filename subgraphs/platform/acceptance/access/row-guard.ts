import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, hasRole } from '../../../kit/identity/caller.js';
import { subjectKey } from './subject-key.js';

/** What of an application or case decides who may see it. */
export interface GuardedRow {
  departmentCode: string;
  applicantSubject?: string | null | undefined;
}

/** The rows a caller may see, as a condition. */
export type RowCondition = { departmentCode: { $in: string[] } } | { applicantSubject: string };

/** Every row, or those that fulfil one of the conditions; none at all when there is no condition. */
export type Sight = 'ALL' | readonly RowCondition[];

/** The roles that see every application and case; platform is the platform's own services. */
const ALL_SEEING = ['window', 'monitor', 'centre', 'bureau', 'platform'] as const;

/**
 * Windows, monitors, the Centre and the Bureau see everything; a department's officers what is their department's; an
 * applicant what was handed in from the own account; an administrator nothing, since running the system is no reason.
 */
export function sightOf(caller: Caller): Sight {
  if (hasRole(caller, ...ALL_SEEING)) return 'ALL';
  const conditions: RowCondition[] = [];
  const departments = departmentsOf(caller);
  if (departments.length > 0) conditions.push({ departmentCode: { $in: departments } });
  if (hasRole(caller, 'applicant')) conditions.push({ applicantSubject: subjectKey(caller.subject) });
  return conditions;
}

export function maySee(caller: Caller, row: GuardedRow): boolean {
  return hasRole(caller, ...ALL_SEEING) || isOfficerFor(caller, row) || isApplicantOf(caller, row);
}

export function isApplicantOf(caller: Caller, { applicantSubject }: GuardedRow): boolean {
  return hasRole(caller, 'applicant') && applicantSubject != null && applicantSubject === subjectKey(caller.subject);
}

export function isOfficerFor(caller: Caller, { departmentCode }: Pick<GuardedRow, 'departmentCode'>): boolean {
  return hasRole(caller, `department:${departmentCode}`);
}

/** Those who handle or watch cases by office, as against the applicants themselves. */
export function isStaff(caller: Caller): boolean {
  return hasRole(caller, ...ALL_SEEING) || departmentsOf(caller).length > 0;
}

export function departmentsOf(caller: Caller): string[] {
  return caller.roles.filter((role) => role.startsWith('department:')).map((role) => role.slice('department:'.length));
}

/** @throws CataloguedError UNAUTHENTICATED for a caller without an identity. */
export function requireIdentity(caller: Caller): void {
  if (caller.roles.some((role) => role !== 'anonymous')) return;
  throw new CataloguedError('UNAUTHENTICATED', 'sign in first: send a bearer token');
}
