import type { SqlEntityManager } from '@mikro-orm/sql';
import type { DepartmentItem, FormValues } from './definition.js';
import {
  applications,
  type CaseRow,
  type CaseStepRow,
  type CertificateRow,
  caseSteps,
  certificates,
  type DecisionRow,
  type DeliveryRow,
  decisions,
  deliveries,
  type LimitExtensionRow,
  limitExtensions,
  type SpecialProcedureRow,
  specialProcedures,
} from './store.js';
import type { AcceptedFormValueInput } from './types/accepted-case.js';

/** All that a rule needs to know of a case to say whether a move is lawful. Rules read it and throw; they change nothing. */
export interface CaseFile {
  readonly number: string;
  readonly item: Pick<DepartmentItem, 'approvalFlow' | 'reviewRuleVersion' | 'longestExtension'>;
  readonly form: FormValues;
  /** Oldest first. */
  readonly steps: readonly Pick<CaseStepRow, 'code' | 'startedAt' | 'finishedAt'>[];
  readonly procedures: readonly Pick<SpecialProcedureRow, 'kind' | 'finishedAt'>[];
  readonly extension: Pick<LimitExtensionRow, 'days'> | null;
  readonly decision: Pick<DecisionRow, 'outcome'> | null;
  readonly certificate: Pick<CertificateRow, 'number'> | null;
  readonly delivery: Pick<DeliveryRow, 'channel'> | null;
}

/** A case file as it is in the store, with its rows. */
export interface StoredCaseFile extends CaseFile {
  readonly item: DepartmentItem;
  readonly record: CaseRow;
  readonly steps: CaseStepRow[];
  readonly procedures: SpecialProcedureRow[];
  readonly decision: DecisionRow | null;
}

export function formValues(form: readonly AcceptedFormValueInput[]): FormValues {
  return new Map(form.map(({ name, value }) => [name, value]));
}

export async function readCaseFile(tx: SqlEntityManager, record: CaseRow, item: DepartmentItem): Promise<StoredCaseFile> {
  const { number } = record;
  const application = await tx.findOneOrFail(applications, number);
  return {
    number,
    record,
    item,
    form: formValues(application.form),
    steps: await tx.find(caseSteps, { caseNumber: number }, { orderBy: { ordinal: 'asc' } }),
    procedures: await tx.find(specialProcedures, { caseNumber: number }, { orderBy: { ordinal: 'asc' } }),
    extension: await tx.findOne(limitExtensions, number),
    decision: await tx.findOne(decisions, number),
    certificate: await tx.findOne(certificates, number),
    delivery: await tx.findOne(deliveries, number),
  };
}
