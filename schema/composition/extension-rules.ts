import { type ASTNode, type FieldDefinitionNode, type InputValueDefinitionNode, Kind, visit } from 'graphql';
import { departmentContract, isExtensible } from './contract.js';
import { shape } from './contract-members.js';
import type { ContractProblem } from './contract-problem.js';
import { fieldPrefix, hasPrefix, typePrefix } from './department-names.js';
import { stringArgument } from './federation-links.js';
import type { PublishedSchema, PublishedType } from './published-schema.js';
import { placeOf } from './sdl-document.js';

/**
 * What a department adds beyond the contract, held to these rules, so that no two departments can get in each
 * other's way and none can fail a row or a request that is not its own:
 *
 * 1. Fields it adds to `Case`, `ServiceItem`, `Query`, `Mutation` and `Subscription` begin with its code in
 *    camelCase (`transportRoute`), types and scalars of its own with its code in PascalCase (`TransportRoute`).
 *    `@external` fields, which another subgraph owns, keep their name.
 * 2. Fields it adds to `Case`, `ServiceItem`, `Query` and `Mutation` are nullable: another department's row
 *    answers null there, and so does a department that is down.
 * 3. It does not use the contract's internal types, which never reach the public API.
 * 4. It does not take fields from other subgraphs (`@override`) nor put directives of its own into the
 *    supergraph (`@composeDirective`).
 */
export function extensionProblems(code: string, published: PublishedSchema): ContractProblem[] {
  const contract = departmentContract();
  const problems: ContractProblem[] = [];
  for (const type of published.types.values()) {
    const agreed = contract.schema.types.get(type.name);
    if (!agreed) problems.push(...ownTypeProblems(code, type));
    if (agreed && !isExtensible(type.name)) continue;
    for (const [name, field] of type.fields) {
      if (agreed?.fields.has(name)) continue;
      if (agreed) problems.push(...addedFieldProblems(code, type, field, published));
      problems.push(...referenceProblems(type, field), ...overrideProblems(type, field, published));
    }
  }
  return [...problems, ...composeDirectiveProblems(published)];
}

function ownTypeProblems(code: string, type: PublishedType): ContractProblem[] {
  const prefix = typePrefix(code);
  const message = `${type.name} is the department's own, so its name has to begin with ${prefix}, as in ${prefix}${type.name}.`;
  const problems =
    hasPrefix(type.name, prefix) || isBuiltIn(type.name) ? [] : [forbidden(type.name, message, type.node, `${type.kind} ${type.name}`)];
  if (type.node.kind !== Kind.UNION_TYPE_DEFINITION && type.node.kind !== Kind.UNION_TYPE_EXTENSION) return problems;
  return [...problems, ...referenceProblems(type, type.node)];
}

function addedFieldProblems(
  code: string,
  type: PublishedType,
  field: FieldDefinitionNode | InputValueDefinitionNode,
  { links }: PublishedSchema,
): ContractProblem[] {
  if (field.directives?.some((directive) => links.meaning(directive.name.value) === 'external')) return [];
  const name = field.name.value;
  const member = `${type.name}.${name}`;
  const prefix = fieldPrefix(code);
  const problems: ContractProblem[] = [];
  if (!hasPrefix(name, prefix)) {
    const better = prefix + name.charAt(0).toUpperCase() + name.slice(1);
    problems.push(
      forbidden(
        member,
        `${member} is the department's own, so its name has to begin with ${prefix}, as in ${better}.`,
        field,
        shape(field),
      ),
    );
  }
  if (field.type.kind === Kind.NON_NULL_TYPE && type.name !== 'Subscription') {
    const message = `${member} has to be nullable: it is null ${
      type.name === 'Query' || type.name === 'Mutation' ? 'while the department does not answer' : "on other departments' rows"
    }. Remove the last \`!\`.`;
    problems.push(forbidden(member, message, field, shape(field)));
  }
  return problems;
}

function referenceProblems(type: PublishedType, node: ASTNode): ContractProblem[] {
  const { inaccessibleTypes } = departmentContract();
  const problems: ContractProblem[] = [];
  visit(node, {
    NamedType: (named) => {
      if (!inaccessibleTypes.has(named.name.value)) return;
      const member =
        node.kind === Kind.FIELD_DEFINITION || node.kind === Kind.INPUT_VALUE_DEFINITION ? `${type.name}.${node.name.value}` : type.name;
      const message = `${member} uses ${named.name.value}, which is between departments and the platform and never public. Use a type of your own.`;
      problems.push(forbidden(member, message, named, named.name.value));
    },
  });
  return problems;
}

function overrideProblems(
  type: PublishedType,
  field: FieldDefinitionNode | InputValueDefinitionNode,
  { links }: PublishedSchema,
): ContractProblem[] {
  const override = field.directives?.find((directive) => links.meaning(directive.name.value) === 'override');
  if (!override) return [];
  const member = `${type.name}.${field.name.value}`;
  return [
    forbidden(
      member,
      `${member} takes a field from another subgraph with @override; a department answers only its own. Remove @override.`,
      override,
    ),
  ];
}

function composeDirectiveProblems({ document, links }: PublishedSchema): ContractProblem[] {
  return document.definitions
    .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((node) => node.directives ?? [])
    .filter((directive) => links.meaning(directive.name.value) === 'composeDirective')
    .filter((directive) => links.meaning(stringArgument(directive, 'name')?.slice(1) ?? '') !== 'partition')
    .map((directive) => {
      const name = stringArgument(directive, 'name') ?? '';
      return forbidden(
        `schema @composeDirective`,
        `${name} would be put into the whole supergraph, which departments can't do. Remove this @composeDirective.`,
        directive,
        name,
      );
    });
}

function isBuiltIn(name: string): boolean {
  return ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name);
}

function forbidden(member: string, message: string, node: ASTNode, found?: string): ContractProblem {
  return { code: 'FORBIDDEN_EXTENSION', member, ...(found === undefined ? {} : { found }), message, ...placeOf(node) };
}
