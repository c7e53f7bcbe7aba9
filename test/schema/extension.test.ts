import { buildSubgraph } from '@apollo/federation-internals';
import { Kind, parse, print } from 'graphql';
import { describe, expect, test } from 'vitest';
import { checkConformance } from '../../schema/composition/conformance.js';
import { extensionOf } from '../../schema/composition/extension.js';
import { CONTRACT_SDL, departmentSdl } from './department-fixture.js';

const code = 'transport';

function extensionWith(added: string, contract = CONTRACT_SDL): string {
  const sdl = `${contract}\n${added}`;
  expect(checkConformance({ code, sdl })).toEqual([]);
  return extensionOf({ code, sdl }) ?? '';
}

test('what is left is a valid subgraph with what the department adds, and nothing else of the contract', () => {
  const sdl = extensionOf({ code, sdl: departmentSdl(code) }) ?? '';
  const { schema } = buildSubgraph(code, '', sdl).validate();
  const coordinates = [...schema.objectTypes()]
    .filter((type) => !type.name.startsWith('_'))
    .flatMap((type) => type.fields().map((field) => field.coordinate))
    .filter((coordinate) => !coordinate.includes('._') && !coordinate.startsWith('CaseStep.'));
  expect(coordinates.toSorted()).toEqual([
    'Case.departmentCode',
    'Case.number',
    'Case.transportRoute',
    'Query.transportRoutesNearby',
    'ServiceItem.code',
    'ServiceItem.departmentCode',
    'ServiceItem.transportPopularity',
    'TransportRoute.case',
    'TransportRoute.id',
    'TransportRoute.kind',
    'TransportRoute.reviewed',
  ]);
  expect(schema.type('DecisionOutcome')).toBeUndefined();
  expect(schema.type('CaseEvent')).toBeUndefined();
  expect(schema.type('StepKind')?.kind).toBe('EnumType');
});

test('putting the extension back on the contract gives the same extension', () => {
  const first = extensionOf({ code, sdl: departmentSdl(code) }) ?? '';
  const own = parse(first).definitions.flatMap((node) => {
    if (!('name' in node) || !node.name) return [];
    const name = node.name.value;
    if (['CaseStep', 'StepKind', 'DateTime'].includes(name)) return [];
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION || name === 'TransportRoute') return [print(node)];
    const fields = node.fields?.filter((field) => field.name.value.startsWith(code)) ?? [];
    return [`extend ${print({ kind: node.kind, name: node.name, fields })}`];
  });
  expect(extensionOf({ code, sdl: `${CONTRACT_SDL}\n${own.join('\n')}` })).toBe(first);
});

describe('what is kept', () => {
  test('descriptions and directives of the department’s own members', () => {
    const sdl = extensionWith(`
      extend type Case {
        "车牌。The plate."
        transportPlate: String @federation__requiresScopes(scopes: [["transport"]]) @tag(name: "internal") @deprecated(reason: "old")
      }
    `);
    expect(sdl).toContain('"车牌。The plate."');
    expect(sdl).toContain(
      'transportPlate: String @federation__requiresScopes(scopes: [["transport"]]) @tag(name: "internal") @deprecated(reason: "old")',
    );
  });

  test('directive definitions that it applies, and only those', () => {
    const sdl = extensionWith(
      'directive @unit(of: String) on FIELD_DEFINITION directive @idle on FIELD_DEFINITION extend type Case { transportKm: Int @unit(of: "km") }',
    );
    expect(sdl).toContain('directive @unit(of: String) on FIELD_DEFINITION');
    expect(sdl).not.toContain('@idle');
  });

  test('external fields and what is computed from them', () => {
    const sdl = extensionWith(
      'extend type Case { acceptedAt: DateTime! @federation__external transportAge: Int @federation__requires(fields: "acceptedAt") }',
    );
    expect(sdl).toContain('acceptedAt: DateTime! @federation__external');
  });

  test('a type in several parts', () => {
    const sdl = extensionWith(
      'type TransportLorry { id: ID! } extend type TransportLorry { plate: String } extend type Case { transportLorry: TransportLorry }',
    );
    expect(sdl).toContain('extend type TransportLorry');
    buildSubgraph(code, '', sdl).validate();
  });
});

describe('what is left out', () => {
  test('@partition and its link', () => {
    const sdl = extensionWith('extend type Query { transportRoutes(departmentCode: ID!): [String!] @partition(by: "departmentCode") }');
    expect(sdl).not.toContain('partition');
    expect(sdl).not.toContain('composeDirective(');
  });

  test('directives and descriptions of the contract’s entities', () => {
    const contract = CONTRACT_SDL.replace('type Case @key', 'type Case @tag(name: "x") @inaccessible @key');
    const sdl = extensionWith('extend type Case { transportPlate: String }', contract);
    expect(sdl).toMatch(/\n\ntype Case @key\(fields: "number departmentCode"\) \{/);
  });

  test('the claim to resolve an entity that it only refers to', () => {
    const sdl = extensionWith('type TransportLorry { lastCase: Case }');
    expect(sdl).toContain('type Case @key(fields: "number departmentCode", resolvable: false)');
  });
});

test('a Federation 1 department becomes a Federation 2 subgraph', () => {
  const contract = CONTRACT_SDL.replace(/extend schema[\s\S]+?"@partition"\)/, '')
    .replace(/"""[^"]+"""\ndirective @partition[^\n]+\n/, '')
    .replaceAll(/@partition\(by: "departmentCode"\)|@inaccessible/g, '');
  const sdl = extensionWith(
    'type TransportLorry @key(fields: "id") { id: ID! step: CaseStep } extend type Case { transportLorry: TransportLorry }',
    contract,
  );
  const subgraph = buildSubgraph(code, '', sdl).validate();
  expect(subgraph.isFed2Subgraph()).toBe(true);
  expect(sdl).toContain('type CaseStep @shareable');
});
