import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  print,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { checkConformance } from '../../schema/composition/conformance.js';
import { CONTRACT_SDL } from './department-fixture.js';

const contract = parse(CONTRACT_SDL);
const types = contract.definitions.filter((node) => isTypeDefinitionNode(node));

interface Change {
  member: string;
  sdl: string;
}

/** The contract with `node` put in the place of `old`, wherever in the tree that is; undefined removes it. */
function replaced(old: ASTNode, node: ASTNode | undefined): string {
  const walk = (value: unknown): unknown => {
    if (value === old) return node;
    if (Array.isArray(value)) return value.map(walk).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null || !('kind' in value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, name === 'loc' ? part : walk(part)]));
  };
  return print(walk(contract) as DocumentNode);
}

function fieldsOf(type: TypeDefinitionNode): readonly (FieldDefinitionNode | InputValueDefinitionNode)[] {
  return 'fields' in type ? (type.fields ?? []) : [];
}

/** Every member that can be taken away or given another type, with the coordinate a problem has to name. */
const members: { member: string; node: ASTNode; type?: TypeNode }[] = types.flatMap((type) => [
  ...fieldsOf(type).flatMap((field) => {
    const member = `${type.name.value}.${field.name.value}`;
    const args = 'arguments' in field ? (field.arguments ?? []) : [];
    return [
      { member, node: field, type: field.type },
      ...args.map((argument) => ({ member: `${member}(${argument.name.value}:)`, node: argument, type: argument.type })),
    ];
  }),
  ...(type.kind === Kind.ENUM_TYPE_DEFINITION
    ? (type.values ?? []).map((value) => ({ member: `${type.name.value}.${value.name.value}`, node: value }))
    : []),
  ...(type.directives ?? [])
    .filter((directive) => directive.name.value === 'key')
    .map((directive) => ({ member: `${type.name.value} @key`, node: directive })),
  { member: type.name.value, node: type },
]);

const removals: Change[] = members.map(({ member, node }) => ({ member, sdl: replaced(node, undefined) }));
const retypings: Change[] = members.flatMap(({ member, node, type }) =>
  type
    ? [
        {
          member,
          sdl: replaced(node, {
            ...node,
            type: type.kind === Kind.NON_NULL_TYPE ? type.type : { kind: Kind.NON_NULL_TYPE, type },
          } as ASTNode),
        },
      ]
    : [],
);

const otherKind: Partial<Record<Kind, Kind>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: Kind.INTERFACE_TYPE_DEFINITION,
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: Kind.OBJECT_TYPE_DEFINITION,
  [Kind.ENUM_TYPE_DEFINITION]: Kind.SCALAR_TYPE_DEFINITION,
  [Kind.SCALAR_TYPE_DEFINITION]: Kind.INPUT_OBJECT_TYPE_DEFINITION,
};
const kindChanges: Change[] = types.map((type) => ({
  member: type.name.value,
  sdl: replaced(type, { ...type, kind: otherKind[type.kind] } as DefinitionNode),
}));

describe('every member of the contract', () => {
  test('the contract itself conforms', () => {
    expect(checkConformance({ code: 'drug', sdl: CONTRACT_SDL })).toEqual([]);
    expect(members.length).toBeGreaterThan(200);
  });

  test.each(removals)('$member is missed when it is removed', ({ member, sdl }) => {
    expect(checkConformance({ code: 'drug', sdl })).toEqual([
      expect.objectContaining({ code: 'MISSING_MEMBER', member, expected: expect.any(String), message: expect.stringContaining(member) }),
    ]);
  });

  test.each(retypings)('$member is altered when its nullability is', ({ member, sdl }) => {
    expect(checkConformance({ code: 'drug', sdl })).toEqual([
      expect.objectContaining({
        code: 'ALTERED_MEMBER',
        member,
        expected: expect.any(String),
        found: expect.any(String),
        line: expect.any(Number),
        column: expect.any(Number),
      }),
    ]);
  });

  test.each(kindChanges)('$member is altered when it is another kind of type', ({ member, sdl }) => {
    expect(checkConformance({ code: 'drug', sdl })).toEqual([expect.objectContaining({ code: 'ALTERED_MEMBER', member })]);
  });
});

describe('other alterations', () => {
  const changed = (from: string | RegExp, to: string) => {
    const sdl = CONTRACT_SDL.replace(from, to);
    expect(sdl).not.toBe(CONTRACT_SDL);
    return checkConformance({ code: 'drug', sdl });
  };

  test.each([
    ['first: Int = 100', 'first: Int = 10', 'Query.caseEventPage(first:)', 'first: Int = 100', 'first: Int = 10'],
    ['first: Int = 100', 'first: Int', 'Query.caseEventPage(first:)', 'first: Int = 100', 'first: Int'],
    ['days: Int!, reason', 'days: Int! = 5, reason', 'Mutation.extendLimit(days:)', 'days: Int!', 'days: Int! = 5'],
    [
      '  name: String!\n  idNumber',
      '  name: String! = "x"\n  idNumber',
      'AcceptedApplicantInput.name',
      'name: String!',
      'name: String! = "x"',
    ],
    ['steps: [CaseStep!]', 'steps: [CaseStep]', 'Case.steps', '[CaseStep!]', '[CaseStep]'],
    ['days: Int!\n', 'days: Float!\n', 'LimitExtension.days', 'Int!', 'Float!'],
    ['"number departmentCode"', '"number"', 'Case @key', '@key(fields: "number departmentCode")', '@key(fields: "number")'],
    [
      '"number departmentCode")',
      '"number departmentCode", resolvable: false)',
      'Case @key',
      '@key(fields: "number departmentCode")',
      '@key(fields: "number departmentCode", resolvable: false)',
    ],
    [
      'type Case @key(fields: "number departmentCode") @partition(by: "departmentCode")',
      'type Case @key(fields: "number departmentCode") @partition(by: "number")',
      'Case @partition',
      '@partition(by: "departmentCode")',
      '@partition(by: "number")',
    ],
  ])('%s → %s', (from, to, member, expected, found) => {
    expect(changed(from, to)).toEqual([expect.objectContaining({ code: 'ALTERED_MEMBER', member, expected, found })]);
  });

  test('a member of the contract is not left to another subgraph', () => {
    const problems = changed('receivedAt: DateTime\n', 'receivedAt: DateTime @federation__external\n');
    expect(problems).toEqual([expect.objectContaining({ code: 'ALTERED_MEMBER', member: 'Case.receivedAt' })]);
  });

  test('a root that `schema` does not name is no root', () => {
    const problems = checkConformance({ code: 'drug', sdl: `${CONTRACT_SDL}\nextend schema { query: Query mutation: Mutation }` });
    expect(problems).toEqual([expect.objectContaining({ code: 'ALTERED_MEMBER', member: 'Subscription', line: expect.any(Number) })]);
  });

  test('the place is the department’s own line', () => {
    const line = CONTRACT_SDL.split('\n').findIndex((text) => text.includes('steps: [CaseStep!]')) + 1;
    expect(changed('steps: [CaseStep!]', 'steps: [String!]')[0]).toMatchObject({ line, column: 10 });
    const typeLine = CONTRACT_SDL.split('\n').findIndex((text) => text.startsWith('type Case ')) + 1;
    expect(changed(/ {2}"[^"]+"\n {2}steps: \[CaseStep!\]\n/, '')[0]).toMatchObject({ member: 'Case.steps', line: typeLine, column: 6 });
  });
});
