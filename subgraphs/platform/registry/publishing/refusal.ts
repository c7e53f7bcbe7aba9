import type { ErrorCode } from '../../../kit/errors/catalogue.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type PublicationCheck, PublicationCheckKind, PublicationCheckOutcome, type PublicationProblem } from './publication-check.js';

const CODES: Record<Exclude<PublicationCheckKind, 'ENDPOINT'>, { code: ErrorCode; what: string }> = {
  [PublicationCheckKind.CONTRACT]: { code: 'CONTRACT_VIOLATION', what: 'does not keep the department contract' },
  [PublicationCheckKind.COMPOSITION]: { code: 'COMPOSITION_FAILED', what: 'does not compose with the others' },
  [PublicationCheckKind.CLIENTS]: { code: 'BREAKING_CHANGE_IN_USE', what: 'takes away what clients use' },
};

/** The first failed check as an error; undefined when none failed. */
export function refusalOf(department: string, checks: readonly PublicationCheck[]): CataloguedError | undefined {
  const failed = checks.find(({ outcome }) => outcome === PublicationCheckOutcome.FAILED);
  if (failed === undefined) return undefined;
  if (failed.kind === PublicationCheckKind.ENDPOINT) return endpointRefusal(department, failed.problems);
  const { code, what } = CODES[failed.kind];
  return new CataloguedError(code, `${department} ${what}; nothing was changed`, { problems: failed.problems });
}

/** ENDPOINT_UNREACHABLE, which passes, where nothing is held against the endpoint but that it did not answer in time. */
export function endpointRefusal(department: string, problems: readonly PublicationProblem[]): CataloguedError {
  const gone = problems.every(({ code, outOfTime = false }) => code === 'ENDPOINT_UNREACHABLE' || outOfTime);
  return new CataloguedError(
    gone ? 'ENDPOINT_UNREACHABLE' : 'ENDPOINT_CHECK_FAILED',
    `the endpoint of ${department} ${gone ? 'does not answer' : 'is not what the contract asks for'}; nothing was changed`,
    { problems },
  );
}
