import { randomUUID } from 'node:crypto';
import { type DeclaredItem, RECEIVE_CASE, type Receipt } from '../client/documents.js';
import type { Session } from '../session.js';

/** No administrative region has this code, so the number can be no real case's. */
const NO_REGION = '000000';
const DAY = 24 * 60 * 60 * 1_000;

export interface TestCase {
  readonly number: string;
  readonly receipt: Receipt;
}

export type CaseInput = Readonly<Record<string, unknown>> & { readonly number: string };

/** `000000TEST…`: a number that says what it is. */
export function testNumber(session: Session): string {
  return `${NO_REGION}TEST${session.run}${randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()}`;
}

/** What the platform would push for one accepted application: every required material and entry of the guide, all invented. */
export function testInput(session: Session, { code, guide }: DeclaredItem, changes: Readonly<Record<string, unknown>> = {}): CaseInput {
  const now = Date.now();
  const due = (days: number) => new Date(now + days * DAY).toISOString();
  const values = session.options.form ?? {};
  return {
    number: testNumber(session),
    departmentCode: session.code,
    itemCode: code,
    acceptedAt: new Date(now).toISOString(),
    // a credit code of no region and no body, whose check character is right
    applicant: { kind: 'ENTERPRISE', name: '契约测试 Conformance Test', idNumber: '91000000000000000K', phone: null },
    materials: guide.materials
      .filter(({ required }) => required)
      .map((material) => ({ code: material.code, name: material.name, source: 'ELECTRONIC', contentHash: null, url: null })),
    form: guide.formFields
      .filter(({ name, required }) => required || values[name] !== undefined)
      .map(({ name }) => ({ name, value: values[name] ?? '1' })),
    promisedDays: guide.promisedDays,
    statutoryDays: guide.statutoryDays,
    promisedDueAt: due(guide.promisedDays),
    statutoryDueAt: due(guide.statutoryDays),
    ...changes,
  };
}

export function push(session: Session, input: CaseInput): Promise<Receipt> {
  return session.data<Receipt>(RECEIVE_CASE, { departmentCode: session.code, input });
}

export async function receiveTestCase(session: Session): Promise<TestCase> {
  const { declared } = await session.testItem();
  const input = testInput(session, declared);
  return { number: input.number, receipt: await push(session, input) };
}
