import * as fc from 'fast-check';
import { Kind, parse, print, visit } from 'graphql';
import { describe, expect, test } from 'vitest';
import { checkConformance } from '../../schema/composition/conformance.js';
import { extensionOf } from '../../schema/composition/extension.js';
import { publishedSchema } from '../../schema/composition/published-schema.js';
import { CONTRACT_SDL, departmentSdl } from './department-fixture.js';

const code = 'human-resources';
const sdl = departmentSdl(code);
const LINKS = /extend schema[^"]+@link[\s\S]+?@composeDirective\(name: "@partition"\)/;
const PARTITION = /"""[^"]+"""\ndirective @partition[^\n]+\n/;

/** The same schema written otherwise; each of them has to conform, and to have an extension. */
const dialects: Record<string, string> = {
  'as the contract is written': sdl,
  'without descriptions': print(visit(parse(sdl), { StringValue: (_node, key) => (key === 'description' ? null : undefined) })),
  'without @partition, @inaccessible': print(
    visit(
      parse(
        sdl.replace(LINKS, 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])').replace(PARTITION, ''),
      ),
      {
        Directive: ({ name }) => (['partition', 'inaccessible'].includes(name.value) ? null : undefined),
      },
    ),
  ),
  'with every type in parts': print(
    visit(parse(sdl), {
      ObjectTypeDefinition: ({ fields = [], ...type }) => ({ ...type, fields: fields.slice(0, 1), rest: fields.slice(1) }),
    }),
  ).concat(
    ...parse(sdl).definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && (node.fields?.length ?? 0) > 1
        ? [`\nextend ${print({ kind: node.kind, name: node.name, fields: node.fields?.slice(1) ?? [] })}`]
        : [],
    ),
  ),
  'as extensions only': sdl
    .replaceAll(/\n(type|enum|input) (?!HumanResources)/g, '\nextend $1 ')
    .replaceAll(/\n"[^"\n]+"(?=\nextend)/g, '')
    .replaceAll(/\n"""[^"]+"""(?=\nextend)/g, ''),
  'with namespaced directives': sdl
    .replace('import: ["@key", "@shareable", "@inaccessible", "@tag", "@composeDirective"]', 'import: []')
    .replaceAll(/@(key|inaccessible|composeDirective)\(?/g, (used) => used.replace('@', '@federation__')),
  'with renamed directives': sdl
    .replace('import: ["@key",', 'as: "fed", import: [{name: "@key", as: "@identity"},')
    .replace('"@inaccessible", ', '')
    .replaceAll('@inaccessible', '@fed__inaccessible')
    .replaceAll('@key(', '@identity('),
  'in Federation 1': sdl
    .replace(LINKS, '')
    .replace(PARTITION, '')
    .replaceAll(/@partition\(by: "departmentCode"\)|@inaccessible/g, '')
    .replace(/type Case @key/, 'extend type Case @key')
    .replace(/"[^"]+"\nextend type Case @key/, 'extend type Case @key'),
  'with other root names': sdl
    .replaceAll(/(?<=type )(Query|Mutation|Subscription)(?= \{)/g, 'Root$1')
    .concat('\nschema { query: RootQuery mutation: RootMutation subscription: RootSubscription }'),
  'as a server prints it with the specification spelled out': sdl.concat(`
    scalar _Any
    union _Entity = Case | ServiceItem | HumanResourcesRoute
    type _Service { sdl: String! }
    extend type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
    enum link__Purpose { SECURITY EXECUTION }
    scalar link__Import
    scalar federation__FieldSet
    directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
  `),
};

describe.each(Object.entries(dialects))('a schema %s', (_name, text) => {
  test('is written otherwise and conforms', () => {
    expect(checkConformance({ code, sdl: text })).toEqual([]);
  });

  test('has the extension it has in any dialect', () => {
    const names = (source: string | undefined) =>
      [...publishedSchema(parse(source ?? '')).types.values()]
        .map(({ kind, name, fields, values }) => `${kind} ${name} ${[...fields.keys(), ...values.keys()].join(' ')}`)
        .toSorted();
    expect(names(extensionOf({ code, sdl: text }))).toEqual(names(extensionOf({ code, sdl })));
  });
});

test('the order of definitions and members makes no difference', () => {
  const document = parse(sdl);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...document.definitions], { minLength: document.definitions.length }),
      fc.boolean(),
      (definitions, reversed) => {
        const shuffled = visit(
          { ...document, definitions },
          {
            ObjectTypeDefinition: (type) => (reversed ? { ...type, fields: type.fields?.toReversed() ?? [] } : undefined),
            EnumTypeDefinition: (type) => (reversed ? { ...type, values: type.values?.toReversed() ?? [] } : undefined),
          },
        );
        expect(checkConformance({ code, sdl: print(shuffled) })).toEqual([]);
      },
    ),
    { numRuns: 20 },
  );
});

test('the key’s fields may come in another order', () => {
  expect(checkConformance({ code, sdl: sdl.replace('"number departmentCode"', '"departmentCode number"') })).toEqual([]);
});

test('a contract without additions conforms and has no extension', () => {
  expect(extensionOf({ code, sdl: CONTRACT_SDL })).toBeUndefined();
});
