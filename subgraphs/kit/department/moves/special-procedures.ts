import { CataloguedError } from '../../errors/catalogued-error.js';
import { notDecided } from '../rules/decided-once.js';
import { noSpecialProcedureRuns, specialProcedureRuns } from '../rules/special-procedures-stop-the-case.js';
import { type SpecialProcedureRow, specialProcedures } from '../store.js';
import { CaseEventKind, type SpecialProcedureKind } from '../types/case-enums.js';
import type { Move } from './move-case.js';
import { requiredText } from './required-text.js';

export function startSpecialProcedure(kind: SpecialProcedureKind, reason: string, expectedDays: number | null): Move {
  return (file, { tx, at }) => {
    notDecided(file);
    noSpecialProcedureRuns(file);
    if (expectedDays !== null && expectedDays < 1) throw new CataloguedError('BAD_USER_INPUT', 'expectedDays must be at least 1');
    const specialProcedure = tx.create(specialProcedures, {
      caseNumber: file.number,
      ordinal: file.procedures.length + 1,
      kind,
      reason: requiredText('reason', reason),
      expectedDays,
      startedAt: at,
      finishedAt: null,
    });
    return { kind: CaseEventKind.SPECIAL_PROCEDURE_STARTED, specialProcedure };
  };
}

export function finishSpecialProcedure(kind: SpecialProcedureKind): Move {
  return (file, { at }) => {
    notDecided(file);
    specialProcedureRuns(file, kind);
    const running = file.procedures.find((procedure) => procedure.finishedAt == null) as SpecialProcedureRow;
    running.finishedAt = at;
    return { kind: CaseEventKind.SPECIAL_PROCEDURE_FINISHED, specialProcedure: running };
  };
}
