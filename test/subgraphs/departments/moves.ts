import type { Answer, DepartmentHarness } from './department-harness.js';
import { acceptedCase, RECEIVE } from './department-harness.js';

/** The contract's moves as an officer sends them. */
export const MOVES = {
  startStep: 'stepCode: ID!',
  finishStep: 'stepCode: ID!, opinion: String!',
  startSpecialProcedure: 'kind: SpecialProcedureKind!, reason: String!, expectedDays: Int',
  finishSpecialProcedure: 'kind: SpecialProcedureKind!',
  extendLimit: 'days: Int!, reason: String!',
  decide: 'outcome: DecisionOutcome!, reasons: String, reviewRuleVersion: Int!',
  issueCertificate: 'electronic: Boolean!',
  deliverResult: 'channel: DeliveryChannel!, trackingNumber: String',
} as const;
export type MoveName = keyof typeof MOVES;

const CASE = /* GraphQL */ `
  number departmentCode receivedAt
  steps { code name kind startedAt finishedAt handler opinion }
  specialProcedures { kind startedAt expectedDays finishedAt reason }
  extension { days reason decidedAt }
  decision {
    outcome decidedAt reasons reviewRuleVersion documentNumber seal
    certificate { number kind issuedAt validUntil electronic }
  }
  delivery { channel deliveredAt trackingNumber }
`;

export const READ_CASES = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Case { ${CASE} } } }`;

export const EVENTS = /* GraphQL */ `
  id cursor departmentCode caseNumber kind occurredAt note
  step { code name kind startedAt finishedAt handler opinion }
  specialProcedure { kind startedAt finishedAt expectedDays reason }
  extension { days reason decidedAt }
  decision { outcome decidedAt reasons reviewRuleVersion documentNumber seal certificate { number } }
  certificate { number kind issuedAt validUntil electronic }
  delivery { channel deliveredAt trackingNumber }
`;

/** Sends a move; roles are this department's officer's unless others are given. */
export function move(
  it: DepartmentHarness,
  name: MoveName,
  caseNumber: string,
  args: Record<string, unknown>,
  { roles = [`department:${it.code}`], subject = 'officer:1', departmentCode = it.code } = {},
): Promise<Answer> {
  const names = MOVES[name].split(', ').map((declared) => (declared.split(':')[0] as string).trim());
  const query = `mutation ($departmentCode: ID!, $caseNumber: ID!, ${names.map((n, i) => `$${n}: ${(MOVES[name].split(', ')[i] as string).split(': ')[1]}`).join(', ')}) {
    ${name}(departmentCode: $departmentCode, caseNumber: $caseNumber, ${names.map((n) => `${n}: $${n}`).join(', ')}) { ${CASE} }
  }`;
  return it.ask(roles, query, { departmentCode, caseNumber, ...args }, subject);
}

/** Makes a move that must succeed, and gives the case as it is then. */
export async function moved(it: DepartmentHarness, name: MoveName, caseNumber: string, args: Record<string, unknown>): Promise<any> {
  const answer = await move(it, name, caseNumber, args);
  if (answer.errors !== undefined) throw new Error(`${name} was refused: ${JSON.stringify(answer.errors)}`);
  return answer.data[name];
}

/** Pushes an accepted case and gives its number. */
export async function received(it: DepartmentHarness, itemCode: string, form: Record<string, string> = {}): Promise<string> {
  const input = acceptedCase(it.code, itemCode, form);
  const answer = await it.asPlatform(RECEIVE, { departmentCode: it.code, input });
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return input.number;
}

export async function readCase(it: DepartmentHarness, number: string): Promise<any> {
  const answer = await it.ask(['window'], READ_CASES, { of: [{ __typename: 'Case', number, departmentCode: it.code }] });
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data._entities[0];
}

export async function events(it: DepartmentHarness, after: string | null = null, first = 200): Promise<any[]> {
  const answer = await it.asPlatform(
    `query ($code: ID!, $after: Cursor, $first: Int) { caseEventPage(departmentCode: $code, after: $after, first: $first) { ${EVENTS} } }`,
    { code: it.code, after, first },
  );
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data.caseEventPage;
}

export async function caseEvents(it: DepartmentHarness, number: string): Promise<any[]> {
  const all: any[] = [];
  for (let page = await events(it); page.length > 0; page = await events(it, page.at(-1).cursor)) all.push(...page);
  return all.filter((event) => event.caseNumber === number);
}

/** Reads an item's flow and the version of its review rules over the network. */
export async function flowOf(
  it: DepartmentHarness,
  itemCode: string,
): Promise<{ reviews: string[]; all: any[]; version: number; guide: any }> {
  const answer = await it.ask(
    [],
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ServiceItem {
      guide { result resultName promisedDays } approvalFlow { code kind name limitDays offSite } reviewRules { version stepCode }
    } } }`,
    { of: [{ __typename: 'ServiceItem', code: itemCode, departmentCode: it.code }] },
  );
  const [item] = answer.data._entities;
  const reviews = item.approvalFlow.filter((step: any) => !['DECISION', 'CERTIFICATE', 'DELIVERY'].includes(step.kind));
  return {
    reviews: reviews.map((step: any) => step.code),
    all: item.approvalFlow,
    version: item.reviewRules[0].version,
    guide: item.guide,
  };
}

/** Takes a case through its reviews, up to the decision. */
export async function reviewed(it: DepartmentHarness, itemCode: string, number: string): Promise<number> {
  const { reviews, version } = await flowOf(it, itemCode);
  for (const stepCode of reviews) {
    await moved(it, 'startStep', number, { stepCode });
    await moved(it, 'finishStep', number, { stepCode, opinion: '符合要求' });
  }
  return version;
}
