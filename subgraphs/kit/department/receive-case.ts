import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { CataloguedError } from '../errors/catalogued-error.js';
import { newCaseEvent } from './case-event.js';
import { formValues } from './case-file.js';
import { type DepartmentContext, requirePlatform } from './department-context.js';
import { applications, cases } from './store.js';
import type { AcceptedCaseInput, ReceiveCasePayload } from './types/accepted-case.js';
import { CaseEventKind } from './types/case-enums.js';

const CASE_NUMBER = /^[\w-]{1,64}$/;

/**
 * Takes in an accepted case once, however often and however concurrently it is pushed: the case number is the key, and
 * whoever comes second is told so. An item that was retired meanwhile does not stop a case accepted before.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, UNKNOWN_DEPARTMENT, UNKNOWN_ITEM, BAD_USER_INPUT, CONFLICT
 */
export async function receiveCase(
  context: DepartmentContext,
  departmentCode: string,
  input: AcceptedCaseInput,
): Promise<ReceiveCasePayload> {
  requirePlatform(context, departmentCode);
  if (input.departmentCode !== departmentCode)
    throw new CataloguedError('BAD_USER_INPUT', 'input.departmentCode and departmentCode name different departments');
  if (!CASE_NUMBER.test(input.number))
    throw new CataloguedError('BAD_USER_INPUT', 'input.number must be a case number: at most 64 letters, digits, _ and -');
  if (!context.items.has(input.itemCode)) throw new CataloguedError('UNKNOWN_ITEM', `${departmentCode} has no item with that code`);
  const earlier = await receipt(context, input);
  if (earlier !== undefined) return earlier;
  const receivedAt = context.clock();
  try {
    await write(context, input, receivedAt);
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    const first = await receipt(context, input);
    if (first === undefined) throw error;
    return first;
  }
  return { caseNumber: input.number, receivedAt, alreadyReceived: false };
}

/** @throws CataloguedError CONFLICT for a number that another case has here: a ledger set back to an earlier time gives numbers out again */
async function receipt({ em }: DepartmentContext, input: AcceptedCaseInput): Promise<ReceiveCasePayload | undefined> {
  const { number, itemCode, acceptedAt } = input;
  const found = await em.fork().findOne(cases, number);
  if (found === null) return undefined;
  if (found.itemCode !== itemCode || found.acceptedAt.getTime() !== acceptedAt.getTime())
    throw new CataloguedError('CONFLICT', 'another case was received under this number; the ledger gives it out a second time');
  return { caseNumber: number, receivedAt: found.receivedAt, alreadyReceived: true };
}

async function write({ em, feed, department }: DepartmentContext, input: AcceptedCaseInput, receivedAt: Date): Promise<void> {
  const { number, itemCode, acceptedAt, promisedDays, statutoryDays, promisedDueAt = null, statutoryDueAt = null } = input;
  await feed.transaction(em, async (tx, append) => {
    // inserted at once, so that a repeat waits for this row's key here and not after it has written anything
    await tx.insert(cases, {
      number,
      itemCode,
      acceptedAt,
      receivedAt,
      promisedDays,
      statutoryDays,
      promisedDueAt,
      statutoryDueAt,
      version: 1,
    });
    tx.create(applications, {
      caseNumber: number,
      applicant: input.applicant,
      materials: input.materials,
      form: input.form,
    });
    await department.extension?.received?.(tx, input, formValues(input.form));
    await append(newCaseEvent(department.code, number, { kind: CaseEventKind.RECEIVED }, receivedAt));
  });
}
