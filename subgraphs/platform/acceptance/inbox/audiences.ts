import { type Caller, hasRole } from '../../../kit/identity/caller.js';
import { departmentsOf } from '../access/row-guard.js';
import { subjectKey } from '../access/subject-key.js';

/** Whom something waits for. Windows share one inbox, and so do the officers of a department. */
export const WINDOWS = 'window';
export const departmentAudience = (code: string) => `department:${code}`;
export const applicantAudience = (subject: string) => `applicant:${subject}`;

/** The inboxes that are a caller's; none for those whom nothing here waits for. */
export function audiencesOf(caller: Caller): string[] {
  return [
    ...(hasRole(caller, 'window') ? [WINDOWS] : []),
    ...departmentsOf(caller).map(departmentAudience),
    ...(hasRole(caller, 'applicant') ? [applicantAudience(subjectKey(caller.subject))] : []),
  ];
}
