import type { KnownStep } from '../store/handed-in.js';
import type { ProgressRow } from '../store/tables.js';

type Entry = Pick<ProgressRow, 'kind' | 'stepCode' | 'stepName'>;

/**
 * What a department does next: the step that is running or, between two, the one that follows in the approval flow.
 * Steps that the case does not need are the department's to know, so it is an expectation; null when the flow is unknown.
 */
export function nextStep(
  steps: readonly KnownStep[] | null | undefined,
  timeline: readonly Entry[],
): { code: string; name: string } | null {
  const begun = timeline.findLast(({ kind }) => kind === 'STEP_STARTED' || kind === 'STEP_FINISHED');
  if (begun?.kind === 'STEP_STARTED' && begun.stepCode != null) return { code: begun.stepCode, name: begun.stepName ?? begun.stepCode };
  const place = begun === undefined ? -1 : (steps ?? []).findIndex(({ code }) => code === begun.stepCode);
  if (begun !== undefined && place < 0) return null;
  const next = steps?.[place + 1];
  return next === undefined ? null : { code: next.code, name: next.name };
}
