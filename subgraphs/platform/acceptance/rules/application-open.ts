import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { ApplicationRow } from '../store/tables.js';

/** Whether nothing has been decided on it. */
export function isUndecided({ state }: Pick<ApplicationRow, 'state'>): boolean {
  return state === 'SUBMITTED' || state === 'NOTICE_GIVEN';
}

/** What was accepted, refused or withdrawn stays so. @throws CataloguedError APPLICATION_DECIDED */
export function undecided(application: Pick<ApplicationRow, 'state' | 'caseNumber'>): void {
  if (isUndecided(application)) return;
  throw new CataloguedError('APPLICATION_DECIDED', `the application is ${application.state.toLowerCase()} already`, {
    state: application.state,
    ...(application.caseNumber != null && { caseNumber: application.caseNumber }),
  });
}

/** While the applicant is correcting, nothing is accepted. @throws CataloguedError APPLICATION_AWAITS_CORRECTION */
export function notAwaitingCorrection({ state }: Pick<ApplicationRow, 'state'>): void {
  if (state !== 'NOTICE_GIVEN') return;
  throw new CataloguedError('APPLICATION_AWAITS_CORRECTION', 'the applicant was told what to correct and has not answered yet');
}
