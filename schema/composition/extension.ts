import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  print,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import type { PublishedDepartment } from './conformance.js';
import { departmentContract } from './contract.js';
import { type FederationDirective, type FederationLinks, linkDirectives, PARTITION_URL, stringArgument } from './federation-links.js';
import { type PublishedSchema, type PublishedType, publishedSchema, ROOT_TYPES } from './published-schema.js';
import { readDocument } from './sdl-document.js';

/** The federation version an extension links when the department's SDL is Federation 1. */
const FEDERATION_URL = 'https://specs.apollo.dev/federation/v2.9';

/**
 * What a department publishes beyond the contract, as a Federation 2 subgraph of its own: the fields it adds to contract
 * entities (with their keys), its root fields, its own types, and those contract types that these mention.
 * Descriptions and directives of the department's own members, and its `@link`s, are kept.
 *
 * @param department one that conforms (`checkConformance`); of another the result means nothing.
 * @returns the SDL, or undefined when the department adds nothing.
 */
export function extensionOf({ sdl }: PublishedDepartment): string | undefined {
  const { document } = readDocument(sdl);
  if (!document) return undefined;
  const published = publishedSchema(document);
  const { links } = published;
  const own = ownDefinitions(published);
  if (own.length === 0) return undefined;

  const mentioned = contractTypesMentionedBy(own, links);
  const added = new Set(own.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION).map((node) => node.name.value));
  const referred = mentioned.filter((node) => !added.has(node.name.value));
  const types: DefinitionNode[] = [...own, ...referred];
  const directives = directivesUsedBy(types, published);
  return print({ kind: Kind.DOCUMENT, definitions: [schemaExtension(document, links), ...directives, ...types] });
}

/** The department's own types, and contract types reduced to what the department adds to them. */
function ownDefinitions({
  document,
  types,
  links,
}: PublishedSchema): (TypeDefinitionNode | Extract<DefinitionNode, { kind: `${string}TypeExtension` }>)[] {
  const contract = departmentContract().schema.types;
  const definitions: (TypeDefinitionNode | Extract<DefinitionNode, { kind: `${string}TypeExtension` }>)[] = [];
  for (const node of document.definitions) {
    if ((isTypeDefinitionNode(node) || isTypeExtensionNode(node)) && types.has(node.name.value) && !contract.has(node.name.value)) {
      definitions.push(withoutPartition(node, links));
    }
  }
  for (const [name, agreed] of contract) {
    const fields = [...(types.get(name)?.fields ?? [])].filter(([field]) => !agreed.fields.has(field)).map(([, field]) => field);
    if (fields.length === 0) continue;
    const added = fields.filter((field): field is FieldDefinitionNode => field.kind === Kind.FIELD_DEFINITION);
    definitions.push(ROOT_TYPES.has(name) ? root(name, added, links) : entity(agreed, added, links));
  }
  return definitions;
}

function root(name: string, fields: readonly FieldDefinitionNode[], links: FederationLinks): ObjectTypeDefinitionNode {
  return withoutPartition({ kind: Kind.OBJECT_TYPE_DEFINITION, name: { kind: Kind.NAME, value: name }, fields }, links);
}

/** A contract entity in the department's terms: the key, the key's fields, and `fields`. */
function entity(agreed: PublishedType, fields: readonly FieldDefinitionNode[], links: FederationLinks): ObjectTypeDefinitionNode {
  const key = agreed.directives.find((directive) => directive.name.value === 'key');
  const keyFields = (key && stringArgument(key, 'fields')?.split(' ')) ?? [];
  const shared = [...agreed.fields.values()].filter(
    (field): field is FieldDefinitionNode => field.kind === Kind.FIELD_DEFINITION && keyFields.includes(field.name.value),
  );
  const definition: ObjectTypeDefinitionNode = {
    kind: Kind.OBJECT_TYPE_DEFINITION,
    name: { kind: Kind.NAME, value: agreed.name },
    directives: key ? [renamed(key, links.localName('key'))] : [],
    fields: [...shared, ...fields],
  };
  return withoutPartition(definition, links);
}

/** A contract entity that the extension only refers to. */
function reference(agreed: PublishedType, links: FederationLinks): ObjectTypeDefinitionNode {
  const node = entity(agreed, [], links);
  const unresolvable: ConstArgumentNode = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: 'resolvable' },
    value: { kind: Kind.BOOLEAN, value: false },
  };
  return { ...node, directives: (node.directives ?? []).map((key) => ({ ...key, arguments: [...(key.arguments ?? []), unresolvable] })) };
}

/** The contract types reachable from `definitions`, as an extension subgraph has to define them. */
function contractTypesMentionedBy(definitions: readonly DefinitionNode[], links: FederationLinks): TypeDefinitionNode[] {
  const contract = departmentContract();
  const found = new Map<string, TypeDefinitionNode>();
  const look = (definition: DefinitionNode) => {
    visit(definition, {
      NamedType: ({ name: { value: name } }) => {
        const type = contract.schema.types.get(name);
        if (!type || found.has(name) || !isTypeDefinitionNode(type.node)) return;
        const node = contract.entities.has(name) ? reference(type, links) : shareable(type.node, links);
        found.set(name, node);
        look(node);
      },
    });
  };
  for (const definition of definitions) look(definition);
  return [...found.values()];
}

function shareable(node: TypeDefinitionNode, links: FederationLinks): TypeDefinitionNode {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
  return { ...node, directives: [directive(links.localName('shareable'))] };
}

/** Definitions of custom directives that `definitions` apply. */
function directivesUsedBy(definitions: readonly DefinitionNode[], { directives }: PublishedSchema): DirectiveDefinitionNode[] {
  const used = new Set<string>();
  for (const definition of definitions) visit(definition, { Directive: (node) => void used.add(node.name.value) });
  return [...directives.values()].filter((definition) => used.has(definition.name.value));
}

/** The department's `@link`s without the partition's; a federation link where it has none. */
function schemaExtension(document: DocumentNode, links: FederationLinks): DefinitionNode {
  const kept = linkDirectives(document).filter((link) => stringArgument(link, 'url') !== PARTITION_URL);
  if (!links.federation2) kept.unshift(...federation1Link(links));
  return { kind: Kind.SCHEMA_EXTENSION, directives: kept };
}

function federation1Link(links: FederationLinks): ConstDirectiveNode[] {
  const imports = (
    ['key', 'requires', 'provides', 'external', 'tag', 'extends', 'shareable', 'inaccessible'] satisfies FederationDirective[]
  )
    .map((name) => `"@${links.localName(name)}"`)
    .join(', ');
  const { definitions } = readDocument(`extend schema @link(url: "${FEDERATION_URL}", import: [${imports}])`).document ?? {
    definitions: [],
  };
  return definitions.flatMap((node) => (node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : []));
}

/** Every row of an extension is its department's, so there `@partition` says nothing. */
function withoutPartition<N extends DefinitionNode>(node: N, links: FederationLinks): N {
  return visit(node, { Directive: ({ name }) => (links.meaning(name.value) === 'partition' ? null : undefined) });
}

function renamed(node: ConstDirectiveNode, name: string): ConstDirectiveNode {
  return { ...node, name: { kind: Kind.NAME, value: name } };
}

function directive(name: string): ConstDirectiveNode {
  return { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: name } };
}
