import { type ConstDirectiveNode, type FieldDefinitionNode, type InputValueDefinitionNode, Kind, print } from 'graphql';
import { type PublishedSchema, type PublishedType, publishedSchema } from './published-schema.js';
import { readDocument } from './sdl-document.js';

/**
 * What a schema says, one line a member, whatever its order, descriptions, layout, and names of federation directives.
 * Two SDLs with equal outlines are the same subgraph. Undefined for what is no SDL.
 */
export function schemaOutline(sdl: string): ReadonlySet<string> | undefined {
  const { document } = readDocument(sdl);
  if (document === undefined) return undefined;
  const schema = publishedSchema(document);
  return new Set([...schema.types.values()].flatMap((type) => typeLines(type, schema)));
}

/** What the second has and the first has not (`+ …`), and the other way round (`- …`), sorted. Empty for the same subgraph. */
export function outlineDifferences(published: string, answered: string): string[] {
  const [before, after] = [schemaOutline(published), schemaOutline(answered)];
  if (after === undefined) return ['the answer is no SDL'];
  const gone = [...(before ?? [])].filter((line) => !after.has(line)).map((line) => `- ${line}`);
  const come = [...after].filter((line) => before?.has(line) !== true).map((line) => `+ ${line}`);
  return [...gone, ...come].sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
}

function typeLines(type: PublishedType, schema: PublishedSchema): string[] {
  const { name, kind, fields, values, interfaces, directives } = type;
  const implemented = interfaces.map((one) => one.name.value).sort();
  const members = 'types' in type.node ? (type.node.types ?? []).map((one) => one.name.value).sort() : [];
  return [
    // a root without fields of its own is only where federation's fields stand
    ...(fields.size === 0 && kind === 'type'
      ? []
      : [`${kind} ${name}${implemented.length > 0 ? ` implements ${implemented.join(' & ')}` : ''}`]),
    ...directiveWords(directives, schema).map((word) => `${name} ${word}`),
    ...members.map((member) => `${name} | ${member}`),
    ...[...values.values()].map((value) => [`${name}.${value.name.value}`, ...directiveWords(value.directives, schema)].join(' ')),
    ...[...fields.values()].map((field) => [`${name}.${shape(field)}`, ...directiveWords(field.directives, schema)].join(' ')),
  ];
}

function shape(field: FieldDefinitionNode | InputValueDefinitionNode): string {
  const { name, type } = field;
  const args = 'arguments' in field ? (field.arguments ?? []).map(shape).sort() : [];
  const otherwise = 'defaultValue' in field && field.defaultValue ? ` = ${print(field.defaultValue)}` : '';
  return `${name.value}${args.length > 0 ? `(${args.join(', ')})` : ''}: ${print(type)}${otherwise}`;
}

/** Federation's directives by their meaning; others, which only the subgraph itself reads, are no part of the graph. */
function directiveWords(directives: readonly ConstDirectiveNode[] | undefined, { links }: PublishedSchema): string[] {
  return (directives ?? [])
    .flatMap((directive) => {
      const meaning = links.meaning(directive.name.value);
      if (meaning === undefined || meaning === 'partition') return [];
      const args = (directive.arguments ?? []).map(
        ({ name, value }) => `${name.value}: ${value.kind === Kind.STRING ? value.value.trim().replace(/\s+/g, ' ') : print(value)}`,
      );
      return [`@${meaning}${args.length > 0 ? `(${args.sort().join(', ')})` : ''}`];
    })
    .sort();
}
