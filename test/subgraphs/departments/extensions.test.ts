import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRUG_PRODUCTION } from '../../../subgraphs/departments/drug/items/drug-production.js';
import { SAFETY_LICENCE } from '../../../subgraphs/departments/housing/items/safety-licence.js';
import { OVERSIZE_TRANSPORT } from '../../../subgraphs/departments/transport/items/oversize-transport.js';
import { ROAD_RELATED_WORKS } from '../../../subgraphs/departments/transport/items/road-works.js';
import { STORES, type TestStore } from '../../support/stores.js';
import { type Answer, type DepartmentHarness, knownDepartment, startHarness } from './department-harness.js';
import { events, flowOf, move, moved, received } from './moves.js';

const ROUTE = {
  origin: '洛阳市涧西区',
  destination: '陕西省西安市',
  provinces: '河南、陕西',
  kilometres: '386.5 公里',
  totalMass: '98',
  height: '4.4',
  width: '3.6',
  length: '27',
  axleLoads: '9000,13000, 13000',
};

describe.each(STORES)('what departments add, on $name', ({ skip, open }) => {
  let files: TestStore;
  beforeAll(async () => {
    if (!skip) files = await open();
  });
  afterAll(async () => files?.[Symbol.asyncDispose]());

  async function own(it: DepartmentHarness, number: string, fields: string): Promise<any> {
    const answer = await it.ask(['monitor'], `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Case { ${fields} } } }`, {
      of: [{ __typename: 'Case', number, departmentCode: it.code }],
    });
    expect(answer.errors).toBeUndefined();
    return answer.data._entities[0];
  }
  const refusal = ({ errors }: Answer) => errors?.[0]?.extensions.code;

  test.skipIf(skip)('transport: the route, its axle loads and its bridges', async () => {
    await using it = await startHarness(knownDepartment('transport'), files.url);
    const number = await received(it, OVERSIZE_TRANSPORT, ROUTE);
    const check = (bridge: string, passable: boolean, roles?: string[]) =>
      it.ask(
        roles ?? ['department:transport'],
        `mutation ($number: ID!, $bridge: String!, $passable: Boolean!) {
          transportCheckBridge(caseNumber: $number, bridge: $bridge, passable: $passable, note: "验算") { bridge passable note checkedAt }
        }`,
        { number, bridge, passable },
      );
    const fields = `transportRoute { origin destination provinces kilometres oversizeClass passable bridgeChecks { bridge passable } }
      transportAxleLoads { axle kilograms }`;
    expect(await own(it, number, fields)).toEqual({
      transportRoute: {
        origin: '洛阳市涧西区',
        destination: '陕西省西安市',
        provinces: ['河南', '陕西'],
        kilometres: 386.5,
        oversizeClass: 'II',
        passable: null,
        bridgeChecks: [],
      },
      transportAxleLoads: [
        { axle: 1, kilograms: 9000 },
        { axle: 2, kilograms: 13000 },
        { axle: 3, kilograms: 13000 },
      ],
    });
    const told = await events(it);
    expect((await check('G30-K812 伊河大桥', false)).data.transportCheckBridge).toEqual({
      bridge: 'G30-K812 伊河大桥',
      passable: false,
      note: '验算',
      checkedAt: '2026-11-24T01:00:00.000Z',
    });
    await check('G30-K900 洛河大桥', true);
    expect((await own(it, number, fields)).transportRoute.passable).toBe(false);
    // checked again after reinforcement, it has the later verdict
    await check('G30-K812 伊河大桥', true);
    expect((await own(it, number, fields)).transportRoute).toMatchObject({
      passable: true,
      bridgeChecks: [
        { bridge: 'G30-K812 伊河大桥', passable: true },
        { bridge: 'G30-K900 洛河大桥', passable: true },
      ],
    });
    expect(refusal(await check('桥', true, ['window']))).toBe('FORBIDDEN');
    expect(refusal(await check('桥', true, ['department:drug']))).toBe('FORBIDDEN');
    expect(refusal(await check(' ', true))).toBe('BAD_USER_INPUT');
    expect(await events(it)).toEqual(told);
    const { version } = await flowOf(it, OVERSIZE_TRANSPORT);
    await moved(it, 'decide', number, { outcome: 'WITHDRAWN', reviewRuleVersion: version });
    expect(refusal(await check('桥', true))).toBe('CASE_ALREADY_DECIDED');
  });

  test.skipIf(skip)('transport: the site is inspected for a load of class III only', async () => {
    await using it = await startHarness(knownDepartment('transport'), files.url);
    for (const [length, kind] of [
      ['27', 'II'],
      ['40', 'III'],
    ] as const) {
      const number = await received(it, OVERSIZE_TRANSPORT, { ...ROUTE, length });
      expect((await own(it, number, 'transportRoute { oversizeClass }')).transportRoute.oversizeClass).toBe(kind);
      for (const stepCode of ['compliance-review', 'technical-review']) {
        await moved(it, 'startStep', number, { stepCode });
        await moved(it, 'finishStep', number, { stepCode, opinion: '符合' });
      }
      const answer = await move(it, 'decide', number, { outcome: 'APPROVED', reviewRuleVersion: 5 });
      expect(answer.errors?.[0]?.extensions['next']).toBe(kind === 'III' ? 'site-inspection' : undefined);
      expect(answer.data.decide?.decision.outcome).toBe(kind === 'III' ? undefined : 'APPROVED');
    }
  });

  test.skipIf(skip)('transport: what a form does not say, or says badly, is left out', async () => {
    await using it = await startHarness(knownDepartment('transport'), files.url);
    const fields = 'transportRoute { kilometres oversizeClass } transportAxleLoads { axle }';
    const works = await received(it, ROAD_RELATED_WORKS, { road: 'G107' });
    expect(await own(it, works, fields)).toEqual({ transportRoute: null, transportAxleLoads: [] });
    const bad = await received(it, OVERSIZE_TRANSPORT, {
      ...ROUTE,
      origin: '长'.repeat(900),
      kilometres: '很远',
      height: '四米',
      axleLoads: '重',
    });
    expect(await own(it, bad, fields)).toEqual({ transportRoute: { kilometres: null, oversizeClass: 'III' }, transportAxleLoads: [] });
    const answer = await it.asOfficer(`mutation { transportCheckBridge(caseNumber: "${works}", bridge: "桥", passable: true) { bridge } }`);
    expect(refusal(answer)).toBe('NOT_FOUND');
  });

  test.skipIf(skip)('drug: the product, and what inspectors found', async () => {
    await using it = await startHarness(knownDepartment('drug'), files.url);
    const number = await received(it, DRUG_PRODUCTION, { productName: '演示片', dosageForm: '片剂', productionAddress: '郑州市一车间' });
    const record = (found: string, roles = ['department:drug']) =>
      it.ask(
        roles,
        `mutation { drugRecordSiteInspection(caseNumber: "${number}", found: { inspectedOn: "2026-11-20", ${found} }) { visit conclusion } }`,
      );
    expect((await record('inspectors: 3, majorDefects: 2, minorDefects: 4')).data.drugRecordSiteInspection).toEqual({
      visit: 1,
      conclusion: 'RECTIFICATION',
    });
    expect((await record('inspectors: 2')).data.drugRecordSiteInspection).toEqual({ visit: 2, conclusion: 'PASSED' });
    expect(refusal(await record('inspectors: 1'))).toBe('BAD_USER_INPUT');
    expect(refusal(await record('inspectors: 2, criticalDefects: -1'))).toBe('BAD_USER_INPUT');
    expect(refusal(await record('inspectors: 2', ['platform']))).toBe('FORBIDDEN');
    expect(
      await own(
        it,
        number,
        'drugProduct { name dosageForm specification productionAddress } drugSiteInspections { visit inspectedOn conclusion }',
      ),
    ).toEqual({
      drugProduct: { name: '演示片', dosageForm: '片剂', specification: null, productionAddress: '郑州市一车间' },
      drugSiteInspections: [
        { visit: 1, inspectedOn: '2026-11-20', conclusion: 'RECTIFICATION' },
        { visit: 2, inspectedOn: '2026-11-20', conclusion: 'PASSED' },
      ],
    });
  });

  test.skipIf(skip)('housing: the qualification, and the people declared for it', async () => {
    await using it = await startHarness(knownDepartment('housing'), files.url);
    const number = await received(it, SAFETY_LICENCE, {
      grade: '二级',
      specialty: '建筑工程施工总承包',
      personnel: '专职安全员:12;项目负责人:5人; 专职安全员:99;无人数',
    });
    const verify = (post: string, verified: number, roles = ['department:housing']) =>
      it.ask(
        roles,
        `mutation ($post: String!, $verified: Int!) { housingVerifyPersonnel(caseNumber: "${number}", post: $post, verified: $verified) { post declared verified } }`,
        {
          post,
          verified,
        },
      );
    expect((await verify('专职安全员', 11)).data.housingVerifyPersonnel).toEqual({ post: '专职安全员', declared: 12, verified: 11 });
    expect(refusal(await verify('专职安全员', 13))).toBe('BAD_USER_INPUT');
    expect(refusal(await verify('总工程师', 1))).toBe('NOT_FOUND');
    expect(refusal(await verify('专职安全员', 1, []))).toBe('UNAUTHENTICATED');
    expect(await own(it, number, 'housingQualification { grade specialty } housingKeyPersonnel { post declared verified }')).toEqual({
      housingQualification: { grade: '二级', specialty: '建筑工程施工总承包' },
      housingKeyPersonnel: [
        { post: '专职安全员', declared: 12, verified: 11 },
        { post: '项目负责人', declared: 5, verified: null },
      ],
    });
  });
});
