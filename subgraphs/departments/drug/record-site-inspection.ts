import type { DepartmentContext } from '../../kit/department/department-context.js';
import { transaction } from '../../kit/store/transaction.js';
import { conclusionOf } from './rules/conclusion-of-defects.js';
import { type SiteInspectionRow, siteInspections } from './store.js';
import type { DrugSiteInspectionInput } from './types.js';

/** Adds a visit after the earlier ones; of two recorded at once the second violates the key and is told CONFLICT. */
export async function recordSiteInspection(
  { em, clock }: DepartmentContext,
  caseNumber: string,
  { inspectedOn, ...found }: DrugSiteInspectionInput,
): Promise<SiteInspectionRow> {
  const conclusion = conclusionOf(found);
  return transaction(em, async (tx) => {
    const earlier = await tx.count(siteInspections, { caseNumber });
    return tx.create(siteInspections, { caseNumber, visit: earlier + 1, inspectedOn, ...found, conclusion, recordedAt: clock() });
  });
}
