import { creditCode, eventually, type Graph, idNumber } from './graph.js';

export interface OfferedItem {
  code: string;
  departmentCode: string;
  name: string;
  guide: {
    materials: { code: string; required: boolean; shared: boolean }[];
    formFields: { name: string; required: boolean; hint: string | null }[];
    fee: string;
  };
  approvalFlow: { code: string; kind: string }[];
  reviewRules: { version: number }[];
}

/** The items on offer, once every one of `departments` has declared its own. */
export function offeredItems(graph: Graph, departments: readonly string[]): Promise<OfferedItem[]> {
  return eventually(async () => {
    const { data } = await graph.ask(
      'applicant',
      '{ serviceItems(first: 100) { nodes { code departmentCode name guide { fee materials { code required shared } formFields { name required hint } } approvalFlow { code kind } reviewRules { version } } } }',
    );
    const items = (data?.['serviceItems']?.nodes ?? []) as OfferedItem[];
    return departments.every((code) => items.some(({ departmentCode, guide }) => departmentCode === code && guide !== null))
      ? items
      : undefined;
  }, 'every department has declared its items');
}

/** An application that is complete. */
export function completeApplication(item: OfferedItem, n: number, kind: 'NATURAL_PERSON' | 'ENTERPRISE' = 'NATURAL_PERSON') {
  return {
    departmentCode: item.departmentCode,
    itemCode: item.code,
    channel: 'ONLINE',
    applicant: { kind, name: `测试${n}`, idNumber: kind === 'NATURAL_PERSON' ? idNumber(n) : creditCode(n), phone: '13800000000' },
    materials: item.guide.materials
      .filter(({ required, shared }) => required && !shared)
      .map(({ code }) => ({ code, source: 'ELECTRONIC' })),
    form: item.guide.formFields
      .filter(({ required }) => required)
      .map(({ name, hint }) => ({ name, value: /例如[::]?\s*([^\s。;;,,)]+)/.exec(hint ?? '')?.[1] ?? '1' })),
  };
}

/** Applies and accepts; returns the case's number. */
export async function openCase(graph: Graph, item: OfferedItem, n: number, kind?: 'NATURAL_PERSON' | 'ENTERPRISE'): Promise<string> {
  const input = completeApplication(item, n, kind);
  // the ledger learns of an item a moment after the catalogue
  const id = await eventually(async () => {
    const { data, errors } = await graph.ask(
      'applicant',
      'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }',
      { input },
    );
    if (errors?.some(({ extensions }) => extensions?.['code'] === 'UNKNOWN_ITEM' || extensions?.['code'] === 'UNKNOWN_DEPARTMENT'))
      return undefined;
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data?.['submitApplication'].application.id as string;
  }, 'the application is taken');
  const { acceptApplication } = await graph.data(
    'window',
    'mutation ($input: AcceptApplicationInput!) { acceptApplication(input: $input) { case { number } } }',
    {
      input: { applicationId: id },
    },
  );
  return acceptApplication.case.number as string;
}

/** Waits until the department has received a case. */
export function received(graph: Graph, number: string): Promise<true> {
  return eventually(async () => {
    const { data } = await graph.ask('window', 'query ($number: ID!) { case(number: $number) { receivedAt } }', { number });
    return data?.['case']?.receivedAt == null ? undefined : true;
  }, `the department has received ${number}`);
}

/** The kinds of a case's timeline, once the last one is `last`. */
export function timelineUntil(graph: Graph, number: string, last: string): Promise<string[]> {
  return eventually(async () => {
    const { data } = await graph.ask('window', 'query ($number: ID!) { case(number: $number) { timeline { kind } } }', { number });
    const kinds = ((data?.['case']?.timeline ?? []) as { kind: string }[]).map(({ kind }) => kind);
    return kinds.at(-1) === last ? kinds : undefined;
  }, `${number} reaches ${last}`);
}
