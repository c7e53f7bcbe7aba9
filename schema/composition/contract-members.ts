import { type ConstDirectiveNode, type FieldDefinitionNode, type InputValueDefinitionNode, Kind, print } from 'graphql';
import { departmentContract, isExtensible } from './contract.js';
import type { ContractProblem, ContractProblemCode } from './contract-problem.js';
import { stringArgument } from './federation-links.js';
import type { PublishedSchema, PublishedType } from './published-schema.js';
import { placeOf } from './sdl-document.js';

type Field = FieldDefinitionNode | InputValueDefinitionNode;

/** Every member of the contract that `published` lacks, has in another shape, or has added to. */
export function contractMemberProblems(published: PublishedSchema): ContractProblem[] {
  return [...departmentContract().schema.types.values()].flatMap((expected) => {
    const found = published.types.get(expected.name);
    if (!found) return [missing(expected.name, `${expected.kind} ${expected.name}`, undefined)];
    if (found.kind !== expected.kind) {
      return [altered(expected.name, `${expected.kind} ${expected.name}`, `${found.kind} ${expected.name}`, found.node)];
    }
    return [
      ...fieldProblems(expected, found, published),
      ...valueProblems(expected, found),
      ...keyProblems(expected, found, published),
      ...interfaceProblems(expected, found),
    ];
  });
}

function fieldProblems(expected: PublishedType, found: PublishedType, published: PublishedSchema): ContractProblem[] {
  const problems: ContractProblem[] = [];
  for (const [name, field] of expected.fields) {
    const member = `${expected.name}.${name}`;
    const there = found.fields.get(name);
    if (there) problems.push(...shapeProblems(member, field, there), ...directiveProblems(expected, field, there, published));
    else problems.push(missing(member, shape(field), found.node));
  }
  if (isExtensible(expected.name)) return problems;
  for (const [name, field] of found.fields) {
    if (expected.fields.has(name)) continue;
    const message = `${expected.name} belongs to the contract and takes no further fields. Add a type of your own and reach it from Case, ServiceItem or a root field.`;
    problems.push(forbidden(`${expected.name}.${name}`, shape(field), message, field));
  }
  return problems;
}

function shapeProblems(member: string, expected: Field, found: Field): ContractProblem[] {
  const problems: ContractProblem[] = [];
  const [type, typeFound] = [print(expected.type), print(found.type)];
  if (type !== typeFound) problems.push(altered(member, type, typeFound, found.type));
  else if (defaultOf(expected) !== defaultOf(found)) problems.push(altered(member, shape(expected), shape(found), found));

  const args = argumentsOf(expected);
  const argsFound = argumentsOf(found);
  for (const [name, argument] of args) {
    const there = argsFound.get(name);
    const coordinate = `${member}(${name}:)`;
    if (!there) problems.push(missing(coordinate, shape(argument), found));
    else if (shape(there) !== shape(argument)) problems.push(altered(coordinate, shape(argument), shape(there), there));
  }
  for (const [name, argument] of argsFound) {
    if (args.has(name)) continue;
    const message = `${member} belongs to the contract and takes no further arguments. Offer a root field of your own with this argument.`;
    problems.push(forbidden(`${member}(${name}:)`, shape(argument), message, argument));
  }
  return problems;
}

/** Directives on a contract field that would change who answers it, or that would seem to guard it and would not. */
function directiveProblems(type: PublishedType, expected: Field, found: Field, published: PublishedSchema): ContractProblem[] {
  const { meaning } = published.links;
  const member = `${type.name}.${expected.name.value}`;
  const isKeyField = type.directives.some((used) => stringArgument(used, 'fields')?.split(' ').includes(expected.name.value));
  return (found.directives ?? []).flatMap((directive): ContractProblem[] => {
    const local = `@${directive.name.value}`;
    switch (meaning(directive.name.value)) {
      case 'external':
        // Federation 1 writes the key of an extended entity so.
        if (isKeyField) return [];
        return [altered(member, shape(expected), `${shape(found)} ${local}`, directive, 'The department itself has to answer it.')];
      case 'partition': {
        const by = partitionOf(expected.directives, (name) => name === 'partition');
        const byFound = stringArgument(directive, 'by');
        return by === byFound ? [] : [altered(member, `@partition(by: "${by ?? ''}")`, print(directive), directive)];
      }
      case 'authenticated':
      case 'requiresScopes':
      case 'policy':
        if (contractUses(expected.directives, meaning(directive.name.value))) return [];
        return [forbidden(`${member} ${local}`, print(directive), GUARD_MESSAGE, directive)];
      default:
        return [];
    }
  });
}

const GUARD_MESSAGE =
  'Access to a member of the contract is decided by the contract, so this directive would guard nothing. Guard the rows in the department, or fields of its own.';

/** Whether the contract itself puts such a directive there, so that repeating it is no attempt at another rule. */
function contractUses(directives: readonly ConstDirectiveNode[] | undefined, means: string | undefined): boolean {
  const { meaning } = departmentContract().schema.links;
  return directives?.some((directive) => meaning(directive.name.value) === means) ?? false;
}

function partitionOf(directives: readonly ConstDirectiveNode[] | undefined, isPartition: (name: string) => boolean): string | undefined {
  const partition = directives?.find((directive) => isPartition(directive.name.value));
  return partition && stringArgument(partition, 'by');
}

function valueProblems(expected: PublishedType, found: PublishedType): ContractProblem[] {
  const problems = [...expected.values.keys()]
    .filter((value) => !found.values.has(value))
    .map((value) => missing(`${expected.name}.${value}`, value, found.node));
  for (const [value, node] of found.values) {
    if (expected.values.has(value)) continue;
    const message = `${expected.name} belongs to the contract and takes no further values. Use an enum of your own.`;
    problems.push(forbidden(`${expected.name}.${value}`, value, message, node));
  }
  return problems;
}

function keyProblems(expected: PublishedType, found: PublishedType, published: PublishedSchema): ContractProblem[] {
  const problems: ContractProblem[] = [];
  const { meaning } = published.links;
  const member = `${expected.name} @key`;
  const keys = found.directives.filter((directive) => meaning(directive.name.value) === 'key');
  const contractKey = expected.directives.find((directive) => directive.name.value === 'key');
  const fields = contractKey && stringArgument(contractKey, 'fields');
  const isContractKey = (key: ConstDirectiveNode) => fields !== undefined && fieldSet(stringArgument(key, 'fields')) === fieldSet(fields);
  const shown = `@key(fields: "${fields ?? ''}")`;

  for (const directive of found.directives) {
    const means = meaning(directive.name.value);
    const isGuard = means === 'authenticated' || means === 'requiresScopes' || means === 'policy';
    if (isGuard && !contractUses(expected.directives, means)) {
      problems.push(forbidden(`${expected.name} @${directive.name.value}`, print(directive), GUARD_MESSAGE, directive));
    }
    if (means === 'partition' && stringArgument(directive, 'by') !== partitionOf(expected.directives, (name) => name === 'partition')) {
      problems.push(altered(`${expected.name} @partition`, '@partition(by: "departmentCode")', print(directive), directive));
    }
  }
  const key = keys.find(isContractKey);
  if (fields !== undefined && !key) {
    const other = keys[0];
    problems.push(other ? altered(member, shown, print(other), other) : missing(member, shown, found.node));
    return problems;
  }
  if (key?.arguments?.some(({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value)) {
    problems.push(altered(member, shown, print(key), key, 'The department has to resolve its rows by this key.'));
  }
  for (const extra of keys.filter((candidate) => !isContractKey(candidate))) {
    problems.push(
      forbidden(member, print(extra), `${expected.name} belongs to the contract, which fixes its keys. Remove this one.`, extra),
    );
  }
  return problems;
}

function interfaceProblems(expected: PublishedType, found: PublishedType): ContractProblem[] {
  const names = (type: PublishedType) => type.interfaces.map((implemented) => implemented.name.value);
  const lacking = names(expected).filter((name) => !names(found).includes(name));
  const added = found.interfaces.filter((implemented) => !names(expected).includes(implemented.name.value));
  return [
    ...lacking.map((name) => missing(`${expected.name} implements ${name}`, name, found.node)),
    ...added.map((node) => {
      const message = `${expected.name} belongs to the contract and implements no further interfaces. Let types of your own implement it.`;
      return forbidden(`${expected.name} implements ${node.name.value}`, node.name.value, message, node);
    }),
  ];
}

function argumentsOf(field: Field): Map<string, InputValueDefinitionNode> {
  return new Map(('arguments' in field ? (field.arguments ?? []) : []).map((argument) => [argument.name.value, argument]));
}

function defaultOf(field: Field): string | undefined {
  return 'defaultValue' in field && field.defaultValue ? print(field.defaultValue) : undefined;
}

/** A field as SDL, without its description and directives. */
export function shape(field: Field): string {
  const args = [...argumentsOf(field).values()].map((argument) => shape(argument)).join(', ');
  const value = defaultOf(field);
  return `${field.name.value}${args && `(${args})`}: ${print(field.type)}${value === undefined ? '' : ` = ${value}`}`;
}

function fieldSet(fields: string | undefined): string | undefined {
  return fields
    ?.split(/[\s,]+/)
    .filter(Boolean)
    .sort()
    .join(' ');
}

type Placed = Parameters<typeof placeOf>[0];

function missing(member: string, expected: string, within: Placed): ContractProblem {
  return problem('MISSING_MEMBER', within, {
    member,
    expected,
    message: `The contract has ${member}, this schema has not. Add \`${expected}\`.`,
  });
}

function altered(member: string, expected: string, found: string, node: Placed, why = 'The contract fixes it.'): ContractProblem {
  return problem('ALTERED_MEMBER', node, {
    member,
    expected,
    found,
    message: `${member} has to be \`${expected}\`, not \`${found}\`. ${why}`,
  });
}

function forbidden(member: string, found: string, message: string, node: Placed): ContractProblem {
  return problem('FORBIDDEN_EXTENSION', node, { member, found, message });
}

function problem(code: ContractProblemCode, node: Placed, rest: Omit<ContractProblem, 'code'>): ContractProblem {
  return { code, ...rest, ...placeOf(node) };
}
