import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkConformance } from '../../schema/composition/conformance.js';
import { fieldPrefix, hasPrefix, isDepartmentCode, typePrefix } from '../../schema/composition/department-names.js';
import { CONTRACT_SDL, departmentSdl } from './department-fixture.js';

const check = (added: string, code = 'transport', contract = CONTRACT_SDL) => checkConformance({ code, sdl: `${contract}\n${added}` });

describe('what a department may not add', () => {
  test.each([
    ['fields to a contract type', 'extend type CaseStep { transportLorry: String }', 'CaseStep.transportLorry'],
    ['fields to a contract input', 'extend input AcceptedCaseInput { transportLorry: String }', 'AcceptedCaseInput.transportLorry'],
    ['values to a contract enum', 'extend enum StepKind { ROAD_TEST }', 'StepKind.ROAD_TEST'],
    [
      'an interface to a contract type',
      'interface TransportThing { number: ID! } extend type Case implements TransportThing',
      'Case implements TransportThing',
    ],
    ['a second key to an entity', 'extend type Case @key(fields: "number")', 'Case @key'],
    ['a field without its prefix to Case', 'extend type Case { route: String }', 'Case.route'],
    ['a field without its prefix to ServiceItem', 'extend type ServiceItem { popularity: Int }', 'ServiceItem.popularity'],
    ['a field whose name only begins like its prefix', 'extend type Case { transportation: String }', 'Case.transportation'],
    ['a query without its prefix', 'extend type Query { routesNearby: [String!] }', 'Query.routesNearby'],
    ['a mutation without its prefix', 'extend type Mutation { cancelRoute(id: ID!): Boolean }', 'Mutation.cancelRoute'],
    ['a subscription without its prefix', 'extend type Subscription { routes: String }', 'Subscription.routes'],
    ['a type without its prefix', 'type Route { id: ID! }', 'Route'],
    ['an enum without its prefix', 'enum RouteKind { SHORT }', 'RouteKind'],
    ['an input without its prefix', 'input RouteInput { id: ID! }', 'RouteInput'],
    ['a scalar without its prefix', 'scalar Long', 'Long'],
    ['a non-null field to Case', 'extend type Case { transportRoute: String! }', 'Case.transportRoute'],
    ['a non-null field to ServiceItem', 'extend type ServiceItem { transportRoutes: [String!]! }', 'ServiceItem.transportRoutes'],
    ['a non-null query', 'extend type Query { transportRoutes: [String!]! }', 'Query.transportRoutes'],
    ['a non-null mutation', 'extend type Mutation { transportCancel: Boolean! }', 'Mutation.transportCancel'],
    ['an internal type as output', 'extend type Query { transportEvents: [CaseEvent!] }', 'Query.transportEvents'],
    ['an internal type as input', 'extend type Mutation { transportTake(input: AcceptedCaseInput!): Boolean }', 'Mutation.transportTake'],
    ['an internal type in its own', 'type TransportLog { event: CaseEvent }', 'TransportLog.event'],
    ['an internal type in a union', 'union TransportEntry = CaseEvent', 'TransportEntry'],
    ['an override', 'extend type Case { transportRoute: String @federation__override(from: "drug") }', 'Case.transportRoute'],
    ['a composed directive', 'directive @fast on OBJECT extend schema @composeDirective(name: "@fast")', 'schema @composeDirective'],
    ['a guard of a contract type', 'extend type Case @federation__authenticated', 'Case @federation__authenticated'],
  ])('%s', (_name, added, member) => {
    expect(check(added)).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN_EXTENSION', member, line: expect.any(Number), column: expect.any(Number) }),
    ]);
  });

  test('arguments to a contract field', () => {
    const contract = CONTRACT_SDL.replace('days: Int!, reason', 'days: Int!, hours: Int, reason');
    expect(check('', 'transport', contract)).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN_EXTENSION', member: 'Mutation.extendLimit(hours:)', found: 'hours: Int' }),
    ]);
  });

  test('a guard of a contract field', () => {
    const contract = CONTRACT_SDL.replace('handler: String', 'handler: String @federation__requiresScopes(scopes: [["x"]])');
    expect(check('', 'transport', contract)).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN_EXTENSION', member: 'CaseStep.handler @federation__requiresScopes' }),
    ]);
  });

  test('a scalar of the contract as something else', () => {
    const contract = CONTRACT_SDL.replace('scalar Cursor', 'enum Cursor { A }');
    expect(check('', 'transport', contract)).toEqual([
      expect.objectContaining({ code: 'ALTERED_MEMBER', member: 'Cursor', expected: 'scalar Cursor', found: 'enum Cursor' }),
    ]);
  });

  test('the message names a name that would do', () => {
    const [problem] = check('extend type Case { route: String }', 'human-resources');
    expect(problem?.message).toContain('humanResourcesRoute');
    expect(check('extend type Case { humanResourcesRoute: String }', 'human-resources')).toEqual([]);
    expect(check('type Route { id: ID }', 'human-resources')[0]?.message).toContain('HumanResourcesRoute');
  });
});

describe('what a department may add', () => {
  test.each([
    ['fields, roots and types with its prefix', departmentSdl('transport').slice(CONTRACT_SDL.length)],
    ['one field named as the department', 'type TransportCase { lorry: String! } extend type Case { transport: TransportCase }'],
    ['non-null subscriptions', 'extend type Subscription { transportMoved(id: ID!): String! }'],
    [
      'a field computed from one that another subgraph owns',
      'extend type Case { acceptedAt: DateTime! @federation__external transportAge: Int @federation__requires(fields: "acceptedAt") }',
    ],
    [
      'guards and tags of its own',
      'extend type Case { transportPlate: String @tag(name: "x") @federation__requiresScopes(scopes: [["transport"]]) }',
    ],
    [
      'interfaces and unions of its own',
      'interface TransportThing { id: ID! } type TransportLorry implements TransportThing { id: ID! } union TransportAny = TransportLorry | Case',
    ],
  ])('%s', (_name, added) => {
    expect(check(added)).toEqual([]);
  });
});

describe('texts that are no schema', () => {
  test.each([
    ['nothing', ''],
    ['blanks', ' \n\t '],
    ['comments', '# nothing'],
    ['prose', '<html><body>502 Bad Gateway</body></html>'],
    ['an unfinished type', `${CONTRACT_SDL}\ntype TransportRoute {`],
    ['a megabyte of letters', 'x'.repeat(1_000_000)],
    ['a megabyte of brackets', `type A { a: ${'['.repeat(1_000_000)}`],
    ['nesting beyond the parser’s stack', `type A { a(x: X = ${'['.repeat(100_000)}`],
    ['a megabyte of words', 'type a '.repeat(150_000)],
    ['control characters', '\u0000\u0001\u0002'],
  ])('%s', (_name, sdl) => {
    const problems = checkConformance({ code: 'transport', sdl });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'UNREADABLE', message: expect.any(String) });
    if (sdl.trim() !== '' && !/nested/.test(problems[0]?.message ?? '')) expect(problems[0]?.line).toBeGreaterThan(0);
  });

  test.each([
    ['an unknown directive', 'extend type Case { transportRoute: String @cached }', /cached/],
    ['an unknown type', 'extend type Case { transportRoute: TransportRoute }', /TransportRoute/],
    ['a type twice', 'type TransportRoute { id: ID } type TransportRoute { id: ID }', /TransportRoute/],
    ['a field twice', 'type TransportRoute { id: ID id: ID }', /TransportRoute\.id/],
    ['a key of a field that is not there', 'type TransportRoute @key(fields: "plate") { id: ID }', /plate/],
    ['a query among the definitions', 'query { __typename }', /executable/i],
  ])('%s', (_name, added, message) => {
    const problems = check(added);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems)
      expect(problem).toMatchObject({ code: 'INVALID_SCHEMA', message: expect.stringMatching(message), line: expect.any(Number) });
    for (const problem of problems) expect(problem.message).not.toContain('[transport]');
  });

  test('a code that can name no department', () => {
    for (const code of ['', 'Drug', 'drug_safety', '-drug', 'drug-', '4x', '药监', 'a'.repeat(64)]) {
      expect(checkConformance({ code, sdl: CONTRACT_SDL })).toEqual([
        expect.objectContaining({ code: 'INVALID_SCHEMA', message: expect.stringContaining('code') }),
      ]);
    }
  });

  test('damaged schemas are told, never thrown', () => {
    const sdl = departmentSdl('transport');
    const damage = fc.record({
      at: fc.nat(sdl.length),
      cut: fc.nat(40),
      put: fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom('}', '{', '!', '"""', '@key', 'extend ', '&', '|')),
    });
    fc.assert(
      fc.property(damage, ({ at, cut, put }) => {
        for (const problem of checkConformance({ code: 'transport', sdl: sdl.slice(0, at) + put + sdl.slice(at + cut) })) {
          expect(problem).toMatchObject({ code: expect.any(String), message: expect.any(String) });
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('names', () => {
  test('prefixes', () => {
    expect([fieldPrefix('drug'), fieldPrefix('human-resources'), fieldPrefix('a-1b')]).toEqual(['drug', 'humanResources', 'a1b']);
    expect([typePrefix('drug'), typePrefix('human-resources')]).toEqual(['Drug', 'HumanResources']);
    expect(isDepartmentCode('human-resources')).toBe(true);
  });

  test('a prefix is a whole word', () => {
    expect(['drug', 'drugX', 'drug_x', 'drug2'].map((name) => hasPrefix(name, 'drug'))).toEqual([true, true, true, true]);
    expect(['drugs', 'dru', 'Drug', 'xdrug'].map((name) => hasPrefix(name, 'drug'))).toEqual([false, false, false, false]);
  });
});
