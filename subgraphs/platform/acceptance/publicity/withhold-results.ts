import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import { transaction } from '../../../kit/store/transaction.js';
import { subjectKey } from '../access/subject-key.js';
import type { Ledger } from '../ledger.js';
import { type WithholdingRow, withholdings } from '../store/file-tables.js';
import { items } from '../store/tables.js';
import { paragraph } from '../submission/handed-in-application.js';
import type { WithholdResultsInput } from '../types/publicity.js';

/** Takes the results of an item out of publicity, on a ground that Art. 24 knows. @throws CataloguedError UNKNOWN_ITEM, BAD_USER_INPUT */
export async function withholdResults({ store, clock }: Ledger, caller: Caller, input: WithholdResultsInput): Promise<WithholdingRow> {
  requireRole(caller, 'bureau', 'centre');
  const { departmentCode, itemCode, ground } = input;
  const explanation = paragraph('explanation', input.explanation, 1_000);
  const change = { ground, explanation, decidedAt: clock(), decidedBy: subjectKey(caller.subject) };
  return transaction(store.fork(), async (tx) => {
    const item = await tx.findOne(items, { departmentCode, code: itemCode });
    if (item?.code !== itemCode) throw new CataloguedError('UNKNOWN_ITEM', 'itemCode is no item of that department', { field: 'itemCode' });
    const known = await tx.findOne(withholdings, { departmentCode, itemCode });
    return known === null ? tx.create(withholdings, { departmentCode, itemCode, ...change }) : Object.assign(known, change);
  });
}

/** Publishes the results of an item again. @returns whether they were withheld */
export async function publishResults({ store }: Ledger, caller: Caller, departmentCode: string, itemCode: string): Promise<boolean> {
  requireRole(caller, 'bureau', 'centre');
  return (await store.fork().nativeDelete(withholdings, { departmentCode, itemCode })) > 0;
}
