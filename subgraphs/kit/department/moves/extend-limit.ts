import { notDecided } from '../rules/decided-once.js';
import { limitMayBeExtended } from '../rules/extension-once.js';
import { noSpecialProcedureRuns } from '../rules/special-procedures-stop-the-case.js';
import { limitExtensions } from '../store.js';
import { CaseEventKind } from '../types/case-enums.js';
import type { Move } from './move-case.js';
import { requiredText } from './required-text.js';

export function extendLimit(days: number, reason: string): Move {
  return (file, { tx, at }) => {
    notDecided(file);
    noSpecialProcedureRuns(file);
    limitMayBeExtended(file, days);
    const extension = tx.create(limitExtensions, {
      caseNumber: file.number,
      days,
      reason: requiredText('reason', reason),
      decidedAt: at,
    });
    return { kind: CaseEventKind.EXTENDED, extension };
  };
}
