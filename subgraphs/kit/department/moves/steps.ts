import type { StoredCaseFile } from '../case-file.js';
import type { FlowStep } from '../definition.js';
import { notDecided } from '../rules/decided-once.js';
import { noSpecialProcedureRuns } from '../rules/special-procedures-stop-the-case.js';
import { stepMayFinish, stepMayStart } from '../rules/step-order.js';
import { type CaseStepRow, caseSteps } from '../store.js';
import { CaseEventKind } from '../types/case-enums.js';
import type { ChangeMade, Move } from './move-case.js';
import { requiredText } from './required-text.js';

export function startStep(stepCode: string): Move {
  return (file, made) => {
    notDecided(file);
    noSpecialProcedureRuns(file);
    const step = recordStep(file, stepMayStart(file, stepCode), made, null);
    return { kind: CaseEventKind.STEP_STARTED, step };
  };
}

export function finishStep(stepCode: string, opinion: string): Move {
  return (file, { at, officer }) => {
    notDecided(file);
    noSpecialProcedureRuns(file);
    stepMayFinish(file, stepCode);
    const step = file.steps.find(({ code }) => code === stepCode) as CaseStepRow;
    step.finishedAt = at;
    step.handler = officer;
    step.opinion = requiredText('opinion', opinion);
    return { kind: CaseEventKind.STEP_FINISHED, step };
  };
}

/** Writes down that a step began, and ended in the same moment when it is one that a move makes in one go. */
export function recordStep(file: StoredCaseFile, step: FlowStep, { tx, at, officer }: ChangeMade, finishedAt: Date | null): CaseStepRow {
  const { code, name, kind } = step;
  const ordinal = file.steps.length + 1;
  return tx.create(caseSteps, {
    caseNumber: file.number,
    code,
    ordinal,
    name,
    kind,
    startedAt: at,
    finishedAt,
    handler: officer,
    opinion: null,
  });
}
