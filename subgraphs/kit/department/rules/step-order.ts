import { CataloguedError } from '../../errors/catalogued-error.js';
import type { CaseFile } from '../case-file.js';
import type { FlowStep } from '../definition.js';
import { StepKind } from '../types/item-enums.js';

/** Steps that are made by a move of their own, in one go, and not started and finished. */
const OWN_MOVE = {
  [StepKind.DECISION]: 'decide',
  [StepKind.CERTIFICATE]: 'issueCertificate',
  [StepKind.DELIVERY]: 'deliverResult',
} as const;

/** The move that makes a step, when it is not a review. */
export function ownMove(step: FlowStep): string | undefined {
  return (OWN_MOVE as Partial<Record<StepKind, string>>)[step.kind];
}

export function isReview(step: FlowStep): boolean {
  return ownMove(step) === undefined;
}

/** The first review of the flow that has to be done and is not finished. */
export function nextReview({ item, form, steps }: CaseFile): FlowStep | undefined {
  return item.approvalFlow.find((step) => {
    if (!isReview(step)) return false;
    const begun = steps.find(({ code }) => code === step.code);
    // a step that may be passed over has to be finished once it is begun
    return begun === undefined ? (step.requiredWhen?.(form) ?? true) : begun.finishedAt == null;
  });
}

/** @throws CataloguedError STEP_UNKNOWN */
export function stepOf({ item }: CaseFile, code: string): FlowStep {
  const step = item.approvalFlow.find((candidate) => candidate.code === code);
  if (step !== undefined) return step;
  throw new CataloguedError('STEP_UNKNOWN', 'the approval flow of the item has no such step', {
    steps: item.approvalFlow.map((known) => known.code),
  });
}

/** Steps are done in the order of the flow, one at a time. @throws CataloguedError STEP_UNKNOWN, STEP_ALREADY_STARTED, STEP_OUT_OF_ORDER, STEP_HAS_OWN_MOVE */
export function stepMayStart(file: CaseFile, code: string): FlowStep {
  const step = stepOf(file, code);
  if (file.steps.some((begun) => begun.code === code)) throw new CataloguedError('STEP_ALREADY_STARTED', `step ${code} was started before`);
  const flow = file.item.approvalFlow;
  const next = nextReview(file);
  if (next !== undefined && flow.indexOf(next) < flow.indexOf(step)) outOfOrder(next);
  const later = flow.slice(flow.indexOf(step) + 1).find((other) => file.steps.some((begun) => begun.code === other.code));
  // a step that was passed over is not made up for once a later one has begun
  if (later !== undefined) outOfOrder(next ?? later);
  mustBeReview(step);
  return step;
}

/** @throws CataloguedError STEP_UNKNOWN, STEP_HAS_OWN_MOVE, STEP_NOT_STARTED */
export function stepMayFinish(file: CaseFile, code: string): FlowStep {
  const step = stepOf(file, code);
  mustBeReview(step);
  const begun = file.steps.find((candidate) => candidate.code === code);
  if (begun === undefined) throw new CataloguedError('STEP_NOT_STARTED', `step ${code} was not started`);
  if (begun.finishedAt != null) throw new CataloguedError('STEP_NOT_STARTED', `step ${code} is finished`);
  return step;
}

function mustBeReview(step: FlowStep): void {
  const move = ownMove(step);
  if (move === undefined) return;
  throw new CataloguedError('STEP_HAS_OWN_MOVE', `step ${step.code} is made by ${move}, in one go`, { move });
}

export function outOfOrder(next: FlowStep): never {
  throw new CataloguedError('STEP_OUT_OF_ORDER', `step ${next.code} comes first`, { next: next.code });
}
