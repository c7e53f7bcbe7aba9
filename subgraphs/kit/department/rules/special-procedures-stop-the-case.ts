import { CataloguedError } from '../../errors/catalogued-error.js';
import type { CaseFile } from '../case-file.js';
import type { SpecialProcedureKind } from '../types/case-enums.js';

/** While a special procedure runs, its time is excluded and so nothing else is done. @throws CataloguedError SPECIAL_PROCEDURE_RUNNING */
export function noSpecialProcedureRuns({ procedures }: CaseFile): void {
  const running = procedures.find(({ finishedAt }) => finishedAt == null);
  if (running === undefined) return;
  throw new CataloguedError('SPECIAL_PROCEDURE_RUNNING', `the special procedure ${running.kind} is running; the case stands still`, {
    kind: running.kind,
  });
}

/** @throws CataloguedError SPECIAL_PROCEDURE_NOT_RUNNING */
export function specialProcedureRuns({ procedures }: CaseFile, kind: SpecialProcedureKind): void {
  if (procedures.some((procedure) => procedure.kind === kind && procedure.finishedAt == null)) return;
  throw new CataloguedError('SPECIAL_PROCEDURE_NOT_RUNNING', `no special procedure ${kind} is running`);
}
