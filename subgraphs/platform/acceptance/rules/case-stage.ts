import type { CaseProgressKind, CaseStage, DecisionOutcome } from '../types/enums.js';

/** Where a case stands, as far as its events tell. */
export interface CaseStanding {
  stage: CaseStage;
  /** The kinds of special procedures that are running. */
  runningProcedures: readonly string[];
}

/** What of an event moves a case. */
export interface StageEvent {
  kind: CaseProgressKind;
  procedureKind?: string | undefined;
}

const DECIDED_OR_LATER: readonly CaseStage[] = ['DECIDED', 'CERTIFICATE_ISSUED', 'DELIVERED'];

/**
 * The stage a case has after an event. A stage never goes back over the decision: steps such as making the
 * certificate are begun after it, and say nothing new about the stage.
 */
export function standingAfter(before: CaseStanding, { kind, procedureKind }: StageEvent): CaseStanding {
  const runningProcedures = proceduresAfter(before.runningProcedures, kind, procedureKind);
  return { runningProcedures, stage: stageAfter(before.stage, kind, runningProcedures) };
}

function proceduresAfter(running: readonly string[], kind: CaseProgressKind, procedure: string | undefined): readonly string[] {
  if (procedure === undefined) return running;
  if (kind === 'SPECIAL_PROCEDURE_STARTED') return running.includes(procedure) ? running : [...running, procedure];
  if (kind === 'SPECIAL_PROCEDURE_FINISHED') return running.filter((other) => other !== procedure);
  return running;
}

function stageAfter(stage: CaseStage, kind: CaseProgressKind, running: readonly string[]): CaseStage {
  switch (kind) {
    case 'DELIVERED':
      return 'DELIVERED';
    case 'CERTIFICATE_ISSUED':
      return stage === 'DELIVERED' ? stage : 'CERTIFICATE_ISSUED';
    case 'DECIDED':
      return stage === 'CERTIFICATE_ISSUED' || stage === 'DELIVERED' ? stage : 'DECIDED';
    default:
  }
  if (DECIDED_OR_LATER.includes(stage)) return stage;
  switch (kind) {
    case 'RECEIVED':
      return stage === 'ACCEPTED' ? 'RECEIVED' : stage;
    case 'STEP_STARTED':
    case 'STEP_FINISHED':
    case 'SPECIAL_PROCEDURE_STARTED':
    case 'SPECIAL_PROCEDURE_FINISHED':
      return running.length > 0 ? 'SPECIAL_PROCEDURE' : 'IN_REVIEW';
    default:
      return stage;
  }
}

/** Whether a decision ends the case by itself: nothing is handed over after it. */
export function endsWithDecision(outcome: DecisionOutcome): boolean {
  return outcome === 'WITHDRAWN' || outcome === 'TERMINATED';
}
