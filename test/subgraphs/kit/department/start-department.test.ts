import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { checkConformance } from '../../../../schema/composition/conformance.js';
import { WorkingCalendar } from '../../../../subgraphs/kit/calendar/working-calendar.js';
import { defineItem } from '../../../../subgraphs/kit/department/define-item.js';
import type { DepartmentDefinition, DepartmentOffice } from '../../../../subgraphs/kit/department/definition.js';
import { departmentSchema } from '../../../../subgraphs/kit/department/department-schema.js';
import { complianceReview, ending } from '../../../../subgraphs/kit/department/flow-steps.js';
import { itemCode } from '../../../../subgraphs/kit/department/item-code.js';
import { field, material } from '../../../../subgraphs/kit/department/materials.js';
import { startDepartment } from '../../../../subgraphs/kit/department/start-department.js';
import { ResultKind } from '../../../../subgraphs/kit/department/types/item-enums.js';
import { generateInternalKeys } from '../../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../../../subgraphs/kit/identity/internal-tokens.js';
import { RegistrationRefused } from '../../../../subgraphs/kit/registration/registration.js';
import type { SubgraphEnvironment } from '../../../../subgraphs/kit/server/subgraph-environment.js';
import { testKeys } from '../../../support/personal-data-keys.js';

const OFFICE: DepartmentOffice = {
  code: 'sports-bureau',
  name: '河南省体育局',
  affiliation: 'PROVINCIAL',
  seal: '审批专用章',
  documentPrefix: '豫体许',
  creditCode: '1141000000YP000013',
};

/** The smallest department there is: one item, no extension. */
const SPORTS: DepartmentDefinition = {
  ...OFFICE,
  items: [
    defineItem(OFFICE, {
      code: itemCode(OFFICE.creditCode, '000166001000'),
      name: '经营高危险性体育项目许可',
      version: 1,
      publishedOn: '2026-01-05',
      legalBasis: ['《全民健身条例》第三十二条'],
      conditions: ['设施符合国家标准'],
      materials: [material('application-form', '申请书')],
      formFields: [field('place', '经营场所')],
      commonErrors: ['场所地址不完整'],
      fee: '不收费',
      feeBasis: null,
      process: ['受理', '审查', '决定'],
      statutoryDays: 20,
      promisedDays: 10,
      resultName: '许可证',
      result: ResultKind.CERTIFICATE,
      resultSampleUrl: 'https://samples.acceptance.example/sports.pdf',
      consultation: ['窗口'],
      approvalFlow: [complianceReview('合规审查', 3), ...ending(2)],
      reviewRules: { version: 1, rules: [{ stepCode: 'compliance-review', content: '内容', standard: '标准', keyPoints: ['要点'] }] },
    }),
  ],
};

async function environment(): Promise<SubgraphEnvironment> {
  const keys = await generateInternalKeys();
  return {
    storeUrl: 'memory:',
    verifier: createInternalTokenVerifier(keys),
    personalData: testKeys(),
    tokens: await createInternalTokens(keys),
    calendar: new WorkingCalendar(),
    clock: () => new Date('2026-11-24T01:00:00.000Z'),
    log: pino({ level: 'silent' }),
  };
}

/** A registry that gives one answer and remembers what it was told. */
async function registry(answer: unknown) {
  const inputs: any[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      inputs.push(JSON.parse(body).variables.input);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    inputs,
    address: { url: `http://${origin}/graphql`, subscriptionUrl: `ws://${origin}/graphql` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

describe('a department', () => {
  test('without an extension publishes the contract and nothing else', async () => {
    const { sdl } = await departmentSchema(SPORTS);
    expect(checkConformance({ code: SPORTS.code, sdl })).toEqual([]);
    expect(sdl).not.toMatch(/sportsBureau/i);
  });

  test('registers in the background with what it publishes and where it is', async () => {
    await using stub = await registry({ data: { registerDepartment: { departmentCode: SPORTS.code, supergraphVersion: '1' } } });
    await using running = await startDepartment({ ...(await environment()), registry: stub.address }, SPORTS);
    await running.registered;
    const { sdl } = await departmentSchema(SPORTS);
    const { url, subscriptionUrl } = running;
    expect(stub.inputs).toEqual([{ code: 'sports-bureau', name: '河南省体育局', affiliation: 'PROVINCIAL', url, subscriptionUrl, sdl }]);
  });

  test('that the registry refuses says so and serves on', async () => {
    const errors = [{ message: 'no', extensions: { code: 'CONTRACT_VIOLATION', problems: [{ message: 'Case.steps is missing' }] } }];
    await using stub = await registry({ data: null, errors });
    await using running = await startDepartment({ ...(await environment()), registry: stub.address }, SPORTS);
    await expect(running.registered).rejects.toThrow(RegistrationRefused);
    expect((await fetch(running.url.replace('/graphql', '/health/live'))).status).toBe(200);
  });

  test('without a registry is registered as far as it can be', async () => {
    await using running = await startDepartment(await environment(), SPORTS);
    await running.registered;
  });

  test('with two items of one code does not start', async () => {
    const twice = { ...SPORTS, items: [...SPORTS.items, ...SPORTS.items] };
    await expect(startDepartment(await environment(), twice)).rejects.toThrow(/same code/);
  });
});
