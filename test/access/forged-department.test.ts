import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TableRole } from '../../schema/access/role-table.js';
import type { Answer } from '../support/environment.js';
import { type KnownCase, OWNER, Province } from './province.js';

let province: Province;
let drugs: KnownCase;
let houses: KnownCase;

beforeAll(async () => {
  province = await Province.start();
  drugs = await province.open('drug', 711, OWNER);
  houses = await province.open('housing', 712, 'person-third');
}, 120_000);
afterAll(() => province[Symbol.asyncDispose]());

const codes = ({ errors }: Answer) => [...new Set((errors ?? []).map(({ extensions }) => String(extensions?.['code'])))];

const MOVES: readonly [string, string][] = [
  ['startStep', 'stepCode: "x"'],
  ['finishStep', 'stepCode: "x", opinion: "x"'],
  ['startSpecialProcedure', 'kind: HEARING, reason: "x"'],
  ['finishSpecialProcedure', 'kind: HEARING'],
  ['extendLimit', 'days: 1, reason: "x"'],
  ['decide', 'outcome: APPROVED, reviewRuleVersion: 1'],
  ['issueCertificate', 'electronic: true'],
  ['deliverResult', 'channel: COURIER'],
];
const OWN_MUTATIONS: readonly [string, string, string][] = [
  [
    'drug',
    'drugRecordSiteInspection',
    'found: { inspectedOn: "2026-11-24", inspectors: 2, criticalDefects: 0, majorDefects: 0, minorDefects: 0 }) { visit }',
  ],
  ['housing', 'housingVerifyPersonnel', 'post: "x", verified: 1) { post }'],
  ['transport', 'transportCheckBridge', 'bridge: "x", passable: true) { bridge }'],
];

describe('an officer of one department', () => {
  test.each(MOVES)('who names another in %s is refused, by the gateway’s way and by the subgraph itself', async (field, args) => {
    const token = await province.authorization('department', 'drug');
    const officer = province.caller('department', 'drug');
    for (const { number } of [drugs, houses]) {
      // another department, with its own case and with drug's
      const mutation = `mutation { ${field}(departmentCode: "housing", caseNumber: "${number}", ${args}) { number receivedAt } }`;
      expect(codes(await province.ask(token, mutation))).toEqual(['FORBIDDEN']);
      expect(codes(await province.direct('housing', officer, mutation))).toEqual(['FORBIDDEN']);
      // sent to drug, where the role is good, with another's name
      expect(codes(await province.direct('drug', officer, mutation))).toEqual(['UNKNOWN_DEPARTMENT']);
    }
    // another's row under drug's own name
    const foreign = `mutation { ${field}(departmentCode: "drug", caseNumber: "${houses.number}", ${args}) { number receivedAt } }`;
    expect(codes(await province.ask(token, foreign))).toEqual(['CASE_NOT_FOUND']);
    expect(codes(await province.direct('drug', officer, foreign))).toEqual(['CASE_NOT_FOUND']);
  });

  test.each(MOVES)('who names no department there is in %s is told so', async (field, args) => {
    const token = await province.authorization('department', 'drug');
    for (const code of ['nowhere', 'DRUG', 'drug ', 'drug/../housing', '', '__proto__', 'constructor']) {
      const mutation = `mutation ($code: ID!) { ${field}(departmentCode: $code, caseNumber: "${drugs.number}", ${args}) { number } }`;
      expect(codes(await province.ask(token, mutation, { code })), code).toEqual(['UNKNOWN_DEPARTMENT']);
      expect(codes(await province.direct('drug', province.caller('department', 'drug'), mutation, { code })), code).toEqual([
        'UNKNOWN_DEPARTMENT',
      ]);
    }
  });

  test.each(OWN_MUTATIONS)('may not use what %s added: %s', async (home, field, rest) => {
    const mutation = `mutation { ${field}(caseNumber: "${drugs.number}", ${rest} }`;
    const elsewhere = await province.authorization('elsewhere', home);
    expect(codes(await province.ask(elsewhere, mutation))).toEqual(['FORBIDDEN']);
    expect(codes(await province.direct(home, province.caller('elsewhere', home), mutation))).toEqual(['FORBIDDEN']);
    // its own officer, with another department's case
    const foreign = `mutation { ${field}(caseNumber: "${home === 'drug' ? houses.number : drugs.number}", ${rest} }`;
    expect(codes(await province.ask(await province.authorization('department', home), foreign))).toEqual(['CASE_NOT_FOUND']);
  });

  test('sees another’s cases nowhere: by number, by application, in lists, by filter, live', async () => {
    const officer = province.caller('department', 'drug');
    const token = await province.authorization('department', 'drug');
    const query = `query ($number: ID!, $id: ID!, $n: String) {
      case(number: $number) { number } application(id: $id) { id }
      cases(filter: { departmentCode: "housing" }) { totalCount nodes { number } }
      byNumber: cases(filter: { applicantIdNumber: $n }) { totalCount nodes { number } }
      applications(filter: { departmentCode: "housing" }) { totalCount nodes { id } }
    }`;
    const variables = { number: houses.number, id: houses.applicationId, n: houses.idNumber };
    const nothing = { totalCount: 0, nodes: [] };
    const blind = { case: null, application: null, cases: nothing, byNumber: nothing, applications: nothing };
    expect(await province.ask(token, query, variables)).toEqual({ data: blind });
    expect(await province.direct('acceptance', officer, query, variables)).toEqual({ data: blind });
    const authorization = await province.tokens.authorization('acceptance', officer);
    for (const [args, code] of [
      [`caseNumber: "${houses.number}"`, 'CASE_NOT_FOUND'],
      [`caseNumber: "${houses.number}", departmentCode: "drug"`, 'CASE_NOT_FOUND'],
      ['departmentCode: "housing"', 'FORBIDDEN'],
    ]) {
      const subscription = `subscription { caseProgress(${args}) { caseNumber: id } }`;
      expect(codes(await province.first(province.url('acceptance').subscriptionUrl, authorization, subscription))).toEqual([code]);
      expect(codes(await province.first(province.graph.url().replace(/^http/, 'ws'), token, subscription))).toEqual([code]);
    }
  });
});

describe('a key that lies', () => {
  const entities = (type: string, selection: string) =>
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`;
  const everybody: TableRole[] = ['owner', 'window', 'department', 'monitor', 'platform'];

  test.each(everybody)('about its department finds nothing at the ledger, for %s', async (role) => {
    const of = [
      { __typename: 'Case', number: drugs.number, departmentCode: 'housing' },
      { __typename: 'Case', number: houses.number, departmentCode: 'drug' },
      { __typename: 'Case', number: drugs.number.toLowerCase(), departmentCode: 'drug' },
      { __typename: 'Case', number: ` ${drugs.number}`, departmentCode: 'drug' },
      { __typename: 'Application', id: `${drugs.applicationId} ` },
    ];
    const { data, errors } = await province.direct('acceptance', province.caller(role, 'drug'), entities('Case', 'number stage'), { of });
    expect(errors).toBeUndefined();
    expect(data?.['_entities']).toEqual([null, null, null, null, null]);
  });

  test.each(everybody)('about its department finds nothing at a department, for %s', async (role) => {
    const of = [
      { __typename: 'Case', number: houses.number, departmentCode: 'housing' },
      { __typename: 'Case', number: houses.number, departmentCode: 'drug' },
      { __typename: 'Case', number: drugs.number, departmentCode: 'housing' },
      { __typename: 'Case', number: drugs.number, departmentCode: 'DRUG' },
      { __typename: 'Case', number: drugs.number },
    ];
    const { data, errors } = await province.direct(
      'drug',
      province.caller(role, 'drug'),
      entities('Case', 'number receivedAt drugProduct { name }'),
      { of },
    );
    expect(errors).toBeUndefined();
    expect(data?.['_entities']).toEqual([null, null, null, null, null]);
  });

  test('of another department’s item finds nothing', async () => {
    const item = province.items.find(({ departmentCode }) => departmentCode === 'housing');
    for (const departmentCode of ['housing', 'drug']) {
      const of = [{ __typename: 'ServiceItem', code: item?.code, departmentCode }];
      const { data } = await province.direct(
        'drug',
        province.caller('anonymous', 'drug'),
        entities('ServiceItem', 'guide { fee } drugRegulatedProducts'),
        { of },
      );
      expect(data?.['_entities']).toEqual([null]);
    }
  });

  test('can’t be sent through the gateway at all', async () => {
    const of = [{ __typename: 'Case', number: drugs.number, departmentCode: 'drug' }];
    const token = await province.authorization('department', 'drug');
    expect(codes(await province.ask(token, entities('Case', 'number'), { of }))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('a token or signature of another', () => {
  test('of another subgraph’s, or of nobody’s making, is refused alike', async () => {
    const officer = province.caller('department', 'drug');
    const query = '{ __typename }';
    for (const authorization of [
      await province.tokens.authorization('housing', officer),
      await province.tokens.authorization('gateway', officer),
      (await province.authorization('department', 'drug')) as string,
      'Bearer e30.e30.e30',
      'Bearer',
      '',
    ]) {
      const answer = await province.direct('drug', officer, query, {}, (headers) => void (headers['authorization'] = authorization));
      expect(codes(answer)).toEqual(['INTERNAL_TOKEN_REJECTED']);
    }
  });

  const RECEIVE =
    'mutation { receiveCase(departmentCode: "drug", input: { number: "no number", departmentCode: "drug", itemCode: "x", acceptedAt: "2026-11-24T01:00:00Z", applicant: { kind: "x", name: "x", idNumber: "x" }, materials: [], form: [], promisedDays: 1, statutoryDays: 1 }) { caseNumber } }';
  const body = JSON.stringify({ query: RECEIVE, variables: {} });

  test('a mutation without a signature, with another department’s, for another recipient, an old one, or one used before is refused', async () => {
    const platform = province.caller('platform', 'drug');
    const send = (headers: Record<string, string>) =>
      province.direct('drug', platform, RECEIVE, {}, (all) => {
        for (const name of ['signature', 'signature-input', 'content-digest', 'acceptance-recipient']) delete all[name];
        Object.assign(all, headers);
      });
    const sign = async (...args: [string, string?, Date?]) =>
      (await province.signature(args[0], body, platform.requestId, args[1], args[2])).headers;
    expect(codes(await send({}))).toEqual(['SIGNATURE_REQUIRED']);
    expect(codes(await send(await sign('drug', 'housing')))).toEqual(['SIGNATURE_REJECTED']);
    expect(codes(await send(await sign('drug', 'stranger')))).toEqual(['SIGNATURE_REJECTED']);
    expect(codes(await send(await sign('housing')))).toEqual(['SIGNATURE_REJECTED']);
    expect(codes(await send(await sign('drug', 'platform', new Date(Date.now() - 400_000))))).toEqual(['SIGNATURE_REJECTED']);
    const good = await sign('drug');
    expect(codes(await send(good))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await send(good))).toEqual(['SIGNATURE_REJECTED']);
    const twice = await sign('drug');
    const both = await Promise.all([send(twice), send(twice)]);
    expect(both.map(codes).flat().sort()).toEqual(['BAD_USER_INPUT', 'SIGNATURE_REJECTED']);
  });

  test('a department registers under its own signature only, and not from a fragment', async () => {
    const input = {
      code: 'drug',
      name: '演示',
      affiliation: 'PROVINCIAL',
      url: 'http://127.0.0.1:9/',
      subscriptionUrl: 'ws://127.0.0.1:9/',
      sdl: 'x',
    };
    const drug = province.caller('department', 'drug');
    for (const query of [
      'mutation ($input: RegisterDepartmentInput!) { registerDepartment(input: $input) { departmentCode } }',
      'mutation ($input: RegisterDepartmentInput!) { ... on Mutation { ...F } } fragment F on Mutation { a: registerDepartment(input: $input) { departmentCode } }',
    ]) {
      const signed = JSON.stringify({ query, variables: { input } });
      const as = async (party: string | undefined) => {
        const headers = party === undefined ? {} : (await province.signature('registry', signed, drug.requestId, party)).headers;
        return province.direct('registry', drug, query, { input }, (all) => {
          for (const name of ['signature', 'signature-input', 'content-digest', 'acceptance-recipient']) delete all[name];
          Object.assign(all, headers);
        });
      };
      expect(codes(await as(undefined))).toEqual(['SIGNATURE_REQUIRED']);
      expect(codes(await as('housing'))).toEqual(['SIGNATURE_REJECTED']);
      expect(codes(await as('drug'))).toEqual(['CONTRACT_VIOLATION']);
    }
  });
});
