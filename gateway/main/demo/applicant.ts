import { creditCodeCheck } from '../../../subgraphs/platform/acceptance/rules/credit-code.js';
import { residentIdCheck } from '../../../subgraphs/platform/acceptance/rules/resident-id.js';
import type { GraphClient } from './graph-client.js';

export interface DemoItem {
  readonly code: string;
  readonly departmentCode: string;
  readonly guide: {
    readonly materials: readonly { code: string; required: boolean; shared: boolean; electronic: boolean }[];
    readonly formFields: readonly { name: string; required: boolean; hint: string | null }[];
  } | null;
}

/** Where applications are handed in. */
export interface Counter {
  readonly applicant: GraphClient;
  readonly window: GraphClient;
}

const ITEMS = /* GraphQL */ `
  query ItemsToApplyFor {
    serviceItems(first: 100) {
      nodes { code departmentCode guide { materials { code required shared electronic } formFields { name required hint } } }
    }
  }
`;

const SUBMIT = /* GraphQL */ `
  mutation Submit($input: SubmitApplicationInput!) {
    submitApplication(input: $input) { application { id } }
  }
`;

/** Every item on offer whose department answers. */
export async function offeredItems(client: GraphClient): Promise<DemoItem[]> {
  const { serviceItems } = await client.ask<{ serviceItems: { nodes: DemoItem[] } }>('ItemsToApplyFor', ITEMS);
  return serviceItems.nodes.filter(({ guide }) => guide !== null);
}

/** A made-up person with a well-formed number, different for every `n`. */
function demoPerson(n: number) {
  const digits = `41010119900101${String(n % 1_000).padStart(3, '0')}`;
  return { kind: 'NATURAL_PERSON', name: `演示申请人${n}`, idNumber: digits + residentIdCheck(digits), phone: '13800000000' };
}

/** A made-up enterprise with a well-formed code, different for every `n`. */
function demoEnterprise(n: number) {
  const body = `91410100DEM${String(n % 1_000_000).padStart(6, '0')}`;
  return { kind: 'ENTERPRISE', name: `演示企业${n}有限公司`, idNumber: body + creditCodeCheck(body), phone: '0371-65500000' };
}

/**
 * Somebody applies, every fifth at a window: hands in all that the guide asks, under an idempotency key. Returns the
 * application's id.
 */
export async function apply({ applicant, window }: Counter, item: DemoItem, n: number, clientRequestId: string): Promise<string> {
  const { materials = [], formFields = [] } = item.guide ?? {};
  const atWindow = n % 5 === 0;
  const input = {
    clientRequestId,
    departmentCode: item.departmentCode,
    itemCode: item.code,
    channel: atWindow ? 'WINDOW' : 'ONLINE',
    applicant: n % 2 === 0 ? demoPerson(n) : demoEnterprise(n),
    materials: materials
      .filter(({ required, shared }) => required && !shared)
      .map(({ code, electronic }) => ({ code, source: electronic ? 'ELECTRONIC' : 'PAPER' })),
    form: formFields.filter(({ required }) => required).map(({ name, hint }) => ({ name, value: exampleOf(hint) })),
  };
  const { submitApplication } = await (atWindow ? window : applicant).ask<{ submitApplication: { application: { id: string } } }>(
    'Submit',
    SUBMIT,
    { input },
  );
  return submitApplication.application.id;
}

/** The example a form's hint gives after 例如, else a plain value. */
function exampleOf(hint: string | null): string {
  return /例如[::]?\s*([^\s。;;,,)]+)/.exec(hint ?? '')?.[1] ?? '1';
}

/** The window accepts, and tells the case's number. */
export async function accept(client: GraphClient, applicationId: string): Promise<string> {
  const { acceptApplication } = await client.ask<{ acceptApplication: { case: { number: string } } }>(
    'Accept',
    'mutation Accept($input: AcceptApplicationInput!) { acceptApplication(input: $input) { case { number } } }',
    { input: { applicationId } },
  );
  return acceptApplication.case.number;
}

/** The window tells what is wrong with the form, and, unless it is left open, somebody at the window mends it. */
export async function tell({ window }: Counter, item: DemoItem, applicationId: string, correct: boolean): Promise<void> {
  const field = item.guide?.formFields.find(({ required }) => required);
  if (field === undefined) return;
  const mutate = (name: string, type: string, input: object) =>
    window.ask(name, `mutation ${name}($input: ${type}!) { ${name}(input: $input) { application { id } } }`, { input });
  await mutate('giveNotice', 'GiveNoticeInput', {
    clientRequestId: `notice-${applicationId}`,
    applicationId,
    items: [{ formField: field.name, problem: '填写内容与材料不一致(演示)', remedy: '按申请材料重新填写' }],
  });
  if (!correct) return;
  await mutate('correctApplication', 'CorrectApplicationInput', {
    clientRequestId: `correction-${applicationId}`,
    applicationId,
    materials: [],
    form: [{ name: field.name, value: exampleOf(field.hint) }],
  });
}

/** The window refuses to accept, and says who is competent. */
export async function refuse({ window }: Counter, applicationId: string): Promise<void> {
  await window.ask('Refuse', 'mutation Refuse($input: RefuseAcceptanceInput!) { refuseAcceptance(input: $input) { application { id } } }', {
    input: {
      applicationId,
      reason: 'NOT_COMPETENT',
      explanation: '该事项不属于省级办理权限(演示)',
      competentBody: '所在省辖市主管部门(演示)',
    },
  });
}
