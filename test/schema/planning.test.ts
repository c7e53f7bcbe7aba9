import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner } from '@apollo/query-planner';
import { type GraphQLSchema, isObjectType, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { composeSupergraph } from '../../schema/composition/compose.js';
import { departmentContract } from '../../schema/composition/contract.js';
import { ROOT_TYPES } from '../../schema/composition/published-schema.js';
import { ACCEPTANCE, department } from './department-fixture.js';

const { sdl } = composeSupergraph({ platform: [ACCEPTANCE], departments: [department('transport'), department('drug')] });
const supergraph = Supergraph.build(sdl, { supportedFeatures: null });
const apiSchema: GraphQLSchema = supergraph.apiSchema().toGraphQLJSSchema();
const planner = new QueryPlanner(supergraph);

function planOf(operation: string): string {
  return prettyFormatQueryPlan(planner.buildQueryPlan(operationFromDocument(supergraph.apiSchema(), parse(operation))));
}

function servicesOf(operation: string): string[] {
  return [...planOf(operation).matchAll(/service: "([^"]+)"/g)].map(([, name]) => name ?? '').toSorted();
}

describe('plans over the composed supergraph', () => {
  test('a case joins the ledger, the departments and an extension', () => {
    const operation = '{ case(number: "1") { acceptedAt steps { name } decision { outcome } transportRoute { kind } } }';
    expect(servicesOf(operation)).toEqual(['acceptance', 'departments', 'transport']);
  });

  test('what no extension has asked for asks no extension', () => {
    expect(servicesOf('{ cases { number acceptedAt steps { name kind } item { guide { fee } } } }')).toEqual([
      'acceptance',
      'departments',
      'departments',
    ]);
  });

  test('a value type of the contract is answered where it is reached', () => {
    expect(servicesOf('{ transportRoutesNearby(latitude: 1, longitude: 2) { reviewed { name opinion } } }')).toEqual(['transport']);
    expect(
      servicesOf('{ transportRoutesNearby(latitude: 1, longitude: 2) { case { acceptedAt steps { name } drugRoute { id } } } }'),
    ).toEqual(['acceptance', 'departments', 'drug', 'transport']);
  });

  test('a mutation of the contract goes to the departments and on to the ledger', () => {
    const operation = 'mutation { startStep(departmentCode: "drug", caseNumber: "1", stepCode: "a") { acceptedAt steps { name } } }';
    expect(servicesOf(operation)).toEqual(['acceptance', 'departments']);
  });

  test('a subscription of the ledger is joined with the departments', () => {
    expect(servicesOf('subscription { caseChanged(number: "1") { number steps { name } } }')).toEqual(['acceptance', 'departments']);
  });
});

describe('what the supergraph keeps for the gateway', () => {
  test('@partition on entities and on every root field of the contract', () => {
    const partition = (coordinate: string) => {
      const [type = '', field] = coordinate.split('.');
      const element =
        field === undefined ? supergraph.schema.type(type) : supergraph.schema.type(type)?.kind === 'ObjectType' && rootField(type, field);
      return element ? element.appliedDirectivesOf('partition').map((directive) => directive.arguments()) : undefined;
    };
    const expected = [{ by: 'departmentCode' }];
    for (const entity of departmentContract().entities) expect(partition(entity)).toEqual(expected);
    for (const root of ROOT_TYPES) {
      for (const field of departmentContract().schema.types.get(root)?.fields.keys() ?? [])
        expect(partition(`${root}.${field}`)).toEqual(expected);
    }
    expect(partition('Query.case')).toEqual([]);
    expect(sdl).toContain('directive @partition(by: String!) on OBJECT | FIELD_DEFINITION');
  });

  test('internal members, which the public API has not', () => {
    for (const type of departmentContract().inaccessibleTypes) {
      expect(supergraph.schema.type(type), type).toBeDefined();
      expect(apiSchema.getType(type), type).toBeUndefined();
    }
    const fields = (root: string) => {
      const type = apiSchema.getType(root);
      return isObjectType(type) ? Object.keys(type.getFields()).toSorted() : [];
    };
    expect(fields('Query')).toEqual(['case', 'cases', 'drugRoutesNearby', 'transportRoutesNearby']);
    expect(fields('Subscription')).toEqual(['caseChanged']);
    expect(fields('Mutation')).not.toContain('receiveCase');
    expect(fields('Mutation')).toContain('decide');
    expect(rootField('Subscription', 'caseEvents')).toBeDefined();
  });

  test('a platform without subscriptions gives a graph without them', () => {
    const quiet = { ...ACCEPTANCE, sdl: ACCEPTANCE.sdl.replace(/type Subscription [^}]+}/, '') };
    const built = Supergraph.build(composeSupergraph({ platform: [quiet], departments: [department('drug')] }).sdl, {
      supportedFeatures: null,
    });
    expect(built.apiSchema().toGraphQLJSSchema().getSubscriptionType()).toBeUndefined();
    expect(built.schema.type('Subscription')).toBeDefined();
  });
});

function rootField(type: string, field: string) {
  const found = supergraph.schema.type(type);
  return found?.kind === 'ObjectType' ? found.field(field) : undefined;
}
