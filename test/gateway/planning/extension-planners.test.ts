import { operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ExtensionPlanners } from '../../../gateway/planning/extension-planners.js';
import { composeSupergraph } from '../../../schema/composition/compose.js';
import { ACCEPTANCE, CONTRACT_SDL, department, departmentSdl } from '../../schema/department-fixture.js';

/** Health computes a field from one of the ledger's, and one from another department's. */
const HEALTH = `${departmentSdl('health')} extend type Case {
  acceptedAt: DateTime! @federation__external  drugGrade: Int @federation__external
  healthDue: String @federation__requires(fields: "acceptedAt")  healthGrade: String @federation__requires(fields: "drugGrade") }
  extend type Query { healthFind(filter: HealthFilter): [HealthFound!] }
  input HealthFilter { since: DateTime } union HealthFound = HealthRoute | HealthPerson
  type HealthPerson { id: ID! title: String }`;
const departments = [
  department('transport'),
  department('drug', `${departmentSdl('drug')} extend type Case { drugGrade: Int }`),
  department('health', HEALTH),
  department('tax'),
  department('plain', CONTRACT_SDL),
];
const { sdl } = composeSupergraph({ platform: [ACCEPTANCE], departments });
const supergraph = Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
const all = new QueryPlanner(supergraph);
const codes = new Set(['transport', 'drug', 'health', 'tax']);
const planners = new ExtensionPlanners(sdl, supergraph.apiSchema().toGraphQLJSSchema(), codes);

describe('a planner over the extensions that an operation asks for', () => {
  test.for([
    '{ cases { number acceptedAt steps { name } decision { outcome } item { guide { fee } } } }',
    '{ case(number: "1") { drugRoute { kind reviewed { name } } } }',
    '{ case(number: "1") { drugRoute { case { acceptedAt taxRoute { id } steps { name } } } item { transportPopularity } } }',
    '{ transportRoutesNearby(latitude: 1, longitude: 2) { case { steps { name } } } }',
    '{ case(number: "1") { healthDue } }',
    '{ case(number: "1") { healthGrade } }',
    'query($filter: HealthFilter) { healthFind(filter: $filter) { ... on HealthPerson { title } ... on HealthRoute { case { acceptedAt } } } }',
    'mutation { startStep(departmentCode: "drug", caseNumber: "1", stepCode: "a") { acceptedAt drugRoute { id } } }',
    'subscription { caseChanged(number: "1") { number taxRoute { kind } steps { name } } }',
    'query { ...Q } fragment Q on Query { cases { ...C } } fragment C on Case { drugGrade healthRoute { id } }',
  ])('plans as the one over all of them would: %s', (operation) => {
    const document = parse(operation);
    const { planner, apiSchema } = planners.for(document);
    const plan = prettyFormatQueryPlan(planner.buildQueryPlan(operationFromDocument(apiSchema, document)));
    expect(plan).toBe(prettyFormatQueryPlan(all.buildQueryPlan(operationFromDocument(supergraph.apiSchema(), document))));
  });

  test('is one and the same for all operations that ask no extension', () => {
    expect(planners.for(parse('{ cases { number } }'))).toBe(planners.for(parse('{ case(number: "1") { steps { name } } }')));
    expect(planners.for(parse('{ cases { number } }')).planner).not.toBe(planners.for(parse('{ cases { taxRoute { id } } }')).planner);
  });
});
