import { shanghaiDay } from '../../calendar/working-calendar.js';
import type { DepartmentOffice, FlowStep } from '../definition.js';
import { collectiveNote } from '../rules/collective-decision.js';
import { notDecided } from '../rules/decided-once.js';
import { reviewsAreFinished } from '../rules/decision-after-reviews.js';
import { citesRulesInForce } from '../rules/decision-cites-rules-in-force.js';
import { refusalHasReasons } from '../rules/refusal-needs-reasons.js';
import { noSpecialProcedureRuns } from '../rules/special-procedures-stop-the-case.js';
import { decisions } from '../store.js';
import { CaseEventKind, type DecisionOutcome } from '../types/case-enums.js';
import { StepKind } from '../types/item-enums.js';
import type { Move } from './move-case.js';
import { requiredText } from './required-text.js';
import { recordStep } from './steps.js';

export interface DecisionDraft {
  outcome: DecisionOutcome;
  reasons: string | null;
  reviewRuleVersion: number;
}

/** The document's number has the case's, which is unique, so that it needs no counter that every decision would wait for. */
export function decide({ seal, documentPrefix }: DepartmentOffice, { outcome, reasons, reviewRuleVersion }: DecisionDraft): Move {
  return (file, made) => {
    notDecided(file);
    noSpecialProcedureRuns(file);
    reviewsAreFinished(file, outcome);
    citesRulesInForce(file, reviewRuleVersion);
    refusalHasReasons(outcome, reasons);
    const { tx, at } = made;
    recordStep(file, file.item.approvalFlow.find(({ kind }) => kind === StepKind.DECISION) as FlowStep, made, at);
    const decision = tx.create(decisions, {
      caseNumber: file.number,
      outcome,
      decidedAt: at,
      reasons: reasons === null ? null : requiredText('reasons', reasons),
      reviewRuleVersion,
      documentNumber: `${documentPrefix}〔${shanghaiDay(at).slice(0, 4)}〕${file.number}号`,
      seal,
    });
    return { kind: CaseEventKind.DECIDED, decision, ...collectiveNote(file, at) };
  };
}
