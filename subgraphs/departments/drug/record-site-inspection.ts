import type { Change } from '../../kit/department/moves/move-case.js';
import { notDecided } from '../../kit/department/rules/decided-once.js';
import { conclusionOf } from './rules/conclusion-of-defects.js';
import { type SiteInspectionRow, siteInspections } from './store.js';
import type { DrugSiteInspectionInput } from './types.js';

/** Adds a visit after the earlier ones. @throws CataloguedError CASE_ALREADY_DECIDED, BAD_USER_INPUT */
export function recordSiteInspection({ inspectedOn, ...found }: DrugSiteInspectionInput): Change<SiteInspectionRow> {
  return async (file, { tx, at }) => {
    notDecided(file);
    const conclusion = conclusionOf(found);
    const visit = (await tx.count(siteInspections, { caseNumber: file.number })) + 1;
    return tx.create(siteInspections, { caseNumber: file.number, visit, inspectedOn, ...found, conclusion, recordedAt: at });
  };
}
