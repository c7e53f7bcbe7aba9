import {
  type ConstDirectiveNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NamedTypeNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import { type FederationLinks, readLinks } from './federation-links.js';

export type TypeKind = 'scalar' | 'type' | 'interface' | 'union' | 'enum' | 'input';

/** A type as a document defines it: the definition and all its `extend`s taken together. */
export interface PublishedType {
  name: string;
  kind: TypeKind;
  /** The definition, or the first extension where there is no definition. */
  node: TypeDefinitionNode | TypeExtensionNode;
  fields: Map<string, FieldDefinitionNode | InputValueDefinitionNode>;
  values: Map<string, EnumValueDefinitionNode>;
  interfaces: NamedTypeNode[];
  directives: ConstDirectiveNode[];
}

export interface PublishedSchema {
  document: DocumentNode;
  links: FederationLinks;
  /** Without what only spells out the federation specification. */
  types: Map<string, PublishedType>;
  /** Directive definitions, without federation's own. */
  directives: Map<string, DirectiveDefinitionNode>;
}

export const ROOT_TYPES: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** Takes a parsed document apart. Roots must be called Query, Mutation and Subscription (see `readDocument`). */
export function publishedSchema(document: DocumentNode): PublishedSchema {
  const links = readLinks(document);
  const types = new Map<string, PublishedType>();
  const directives = new Map<string, DirectiveDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.DIRECTIVE_DEFINITION) {
      if (node.name.value !== 'link' && !links.meaning(node.name.value)) directives.set(node.name.value, node);
    } else if ((isTypeDefinitionNode(node) || isTypeExtensionNode(node)) && !links.isSpecType(node.name.value)) {
      addType(types, node);
    }
  }
  return { document, links, types, directives };
}

function addType(types: Map<string, PublishedType>, node: TypeDefinitionNode | TypeExtensionNode): void {
  const name = node.name.value;
  const type = types.get(name) ?? {
    name,
    kind: kindOf(node),
    node,
    fields: new Map<string, FieldDefinitionNode | InputValueDefinitionNode>(),
    values: new Map<string, EnumValueDefinitionNode>(),
    interfaces: [],
    directives: [],
  };
  types.set(name, type);
  if (isTypeDefinitionNode(node) && isTypeExtensionNode(type.node)) type.node = node;
  type.directives.push(...(node.directives ?? []));
  if ('interfaces' in node) type.interfaces.push(...(node.interfaces ?? []));
  if ('values' in node) for (const value of node.values ?? []) type.values.set(value.name.value, value);
  if ('fields' in node) {
    for (const field of node.fields ?? []) if (!isFederationRootField(name, field.name.value)) type.fields.set(field.name.value, field);
  }
}

function isFederationRootField(type: string, field: string): boolean {
  return type === 'Query' && (field === '_entities' || field === '_service');
}

const KINDS: Record<string, TypeKind> = {
  Scalar: 'scalar',
  Object: 'type',
  Interface: 'interface',
  Union: 'union',
  Enum: 'enum',
  InputObject: 'input',
};

function kindOf(node: TypeDefinitionNode | TypeExtensionNode): TypeKind {
  return KINDS[node.kind.replace(/Type(Definition|Extension)$/, '')] ?? 'type';
}
