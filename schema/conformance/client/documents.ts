/** The parts of the contract that the suite reads, as GraphQL and as they come. */

export interface CaseStep {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly opinion: string | null;
}

const STEP = 'code name kind startedAt finishedAt opinion';
const PROCEDURE = 'kind startedAt expectedDays finishedAt reason';
const EXTENSION = 'days reason decidedAt';
const DECISION = 'outcome decidedAt reasons reviewRuleVersion documentNumber seal';
const CERTIFICATE = 'number kind issuedAt validUntil electronic';
const DELIVERY = 'channel deliveredAt trackingNumber';

/** The details of an event, of which `kind` names one. */
export const DETAILS = ['step', 'specialProcedure', 'extension', 'decision', 'certificate', 'delivery'] as const;
export type Detail = (typeof DETAILS)[number];

export interface CaseEvent extends Readonly<Record<Detail, Readonly<Record<string, unknown>> | null>> {
  readonly id: string;
  readonly cursor: string;
  readonly departmentCode: string;
  readonly caseNumber: string;
  readonly kind: string;
  readonly occurredAt: string;
}

const EVENT = `id cursor departmentCode caseNumber kind occurredAt
  step { ${STEP} } specialProcedure { ${PROCEDURE} } extension { ${EXTENSION} }
  decision { ${DECISION} } certificate { ${CERTIFICATE} } delivery { ${DELIVERY} }`;

export const CASE_EVENTS = `subscription ($departmentCode: ID!, $after: Cursor) {
  caseEvents(departmentCode: $departmentCode, after: $after) { ${EVENT} } }`;

export const CASE_EVENT_PAGE = `query ($departmentCode: ID!, $after: Cursor, $first: Int) {
  caseEventPage(departmentCode: $departmentCode, after: $after, first: $first) { ${EVENT} } }`;

export interface HandledCase {
  readonly __typename: string;
  readonly number: string;
  readonly departmentCode: string;
  readonly receivedAt: string | null;
  readonly steps: readonly CaseStep[] | null;
  readonly specialProcedures: readonly { readonly kind: string; readonly finishedAt: string | null }[] | null;
  readonly extension: { readonly days: number } | null;
  readonly decision: {
    readonly outcome: string;
    readonly reasons: string | null;
    readonly reviewRuleVersion: number;
    readonly seal: string;
    readonly certificate: { readonly number: string; readonly electronic: boolean } | null;
  } | null;
  readonly delivery: { readonly channel: string } | null;
}

export const CASE_FIELDS = `number departmentCode receivedAt steps { ${STEP} } specialProcedures { ${PROCEDURE} } extension { ${EXTENSION} }
  decision { ${DECISION} certificate { ${CERTIFICATE} } } delivery { ${DELIVERY} }`;

export interface Guide {
  readonly version: number;
  readonly publishedAt: string;
  readonly feeBasis: string | null;
  readonly materials: readonly { readonly code: string; readonly name: string; readonly required: boolean }[];
  readonly formFields: readonly { readonly name: string; readonly label: string; readonly required: boolean }[];
  readonly statutoryDays: number;
  readonly promisedDays: number;
  readonly result: string;
  readonly resultSampleUrl: string | null;
  readonly [text: string]: unknown;
}

export interface DeclaredItem {
  readonly code: string;
  readonly departmentCode: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly guide: Guide;
}

export const GUIDE_FIELDS = `version publishedAt itemName implementingBody legalBasis conditions
  materials { code name required copies electronic shared } formFields { name label required hint }
  commonErrors fee feeBasis process statutoryDays promisedDays resultName result resultSampleUrl consultation`;

export const DEPARTMENT_ITEMS = `query ($departmentCode: ID!) {
  departmentItems(departmentCode: $departmentCode) { code departmentCode name kind state guide { ${GUIDE_FIELDS} } } }`;

export interface FlowStep {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
}

export interface ItemEntity {
  readonly __typename: string;
  readonly code: string;
  readonly departmentCode: string;
  readonly guide: Guide | null;
  readonly approvalFlow: readonly FlowStep[] | null;
  readonly reviewRules:
    | readonly { readonly version: number; readonly stepCode: string; readonly content: string; readonly standard: string }[]
    | null;
}

export const ITEM_FIELDS = `code departmentCode guide { ${GUIDE_FIELDS} } approvalFlow { code name kind limitDays offSite }
  reviewRules { version stepCode content standard keyPoints notes }`;

export const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on ServiceItem { code departmentCode }
    ... on Case { number departmentCode receivedAt }
  }
}`;

export const RECEIVE_CASE = `mutation ($departmentCode: ID!, $input: AcceptedCaseInput!) {
  receiveCase(departmentCode: $departmentCode, input: $input) { caseNumber receivedAt alreadyReceived } }`;

export interface Receipt {
  readonly caseNumber: string;
  readonly receivedAt: string;
  readonly alreadyReceived: boolean;
}
