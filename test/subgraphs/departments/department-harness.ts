import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { DEPARTMENTS, type KnownDepartment } from '../../../subgraphs/departments/index.js';
import { WorkingCalendar } from '../../../subgraphs/kit/calendar/working-calendar.js';
import type { RunningDepartment } from '../../../subgraphs/kit/department/start-department.js';
import { generateInternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier, type InternalTokens } from '../../../subgraphs/kit/identity/internal-tokens.js';
import type { SubgraphEnvironment } from '../../../subgraphs/kit/server/subgraph-environment.js';
import { testKeys } from '../../support/personal-data-keys.js';

export interface Answer {
  // a test reads what it asked for; whatever is not there fails its expectation
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, any> & { code: string } }[];
}

/** What the clock says: every test sets the time, none waits for it. */
export const NOW = new Date('2026-11-24T01:00:00.000Z');

/** A department that serves over the network, and callers of each role. */
export class DepartmentHarness implements AsyncDisposable {
  constructor(
    readonly running: RunningDepartment,
    readonly code: string,
    readonly tokens: InternalTokens,
    readonly logged: string[],
    readonly time: { now: Date },
    readonly env: SubgraphEnvironment,
  ) {}

  async ask(
    roles: readonly string[],
    query: string,
    variables: Record<string, unknown> = {},
    subject = `test:${roles[0]}`,
  ): Promise<Answer> {
    const authorization = await this.tokens.authorization(this.code, { subject, roles, requestId: randomUUID() });
    const response = await fetch(this.running.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  }

  asPlatform(query: string, variables?: Record<string, unknown>): Promise<Answer> {
    return this.ask(['platform'], query, variables, 'platform:acceptance');
  }

  asOfficer(query: string, variables?: Record<string, unknown>, subject = 'officer:1'): Promise<Answer> {
    return this.ask([`department:${this.code}`], query, variables, subject);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]();
  }
}

export async function startHarness(department: KnownDepartment, storeUrl = 'memory:'): Promise<DepartmentHarness> {
  const keys = await generateInternalKeys();
  const tokens = await createInternalTokens(keys);
  const logged: string[] = [];
  const time = { now: NOW };
  const env: SubgraphEnvironment = {
    storeUrl,
    verifier: createInternalTokenVerifier(keys),
    personalData: testKeys(),
    tokens,
    calendar: new WorkingCalendar(),
    clock: () => time.now,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
  };
  return new DepartmentHarness(await department.start(env), department.code, tokens, logged, time, env);
}

export function knownDepartment(code: string): KnownDepartment {
  const found = DEPARTMENTS.find((department) => department.code === code);
  if (found === undefined) throw new Error(`no department ${code}`);
  return found;
}

/** An accepted case as the platform pushes it. */
export function acceptedCase(departmentCode: string, itemCode: string, form: Record<string, string> = {}, number = caseNumber()) {
  return {
    number,
    departmentCode,
    itemCode,
    acceptedAt: '2026-11-24T00:30:00.000Z',
    applicant: { kind: 'ENTERPRISE', name: '演示药业有限公司', idNumber: '91410000MA00000018', phone: '13800001234' },
    materials: [{ code: 'application-form', name: '申请表', source: 'ELECTRONIC', contentHash: 'ab', url: null }],
    form: Object.entries(form).map(([name, value]) => ({ name, value })),
    promisedDays: 15,
    statutoryDays: 30,
    promisedDueAt: '2026-12-15T15:59:59.999Z',
    statutoryDueAt: null,
  };
}

export function caseNumber(): string {
  return `410000T${randomUUID().slice(0, 12).toUpperCase()}`;
}

export const RECEIVE = /* GraphQL */ `
  mutation Receive($departmentCode: ID!, $input: AcceptedCaseInput!) {
    receiveCase(departmentCode: $departmentCode, input: $input) { caseNumber receivedAt alreadyReceived }
  }
`;
