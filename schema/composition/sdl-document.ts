import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  getLocation,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NameNode,
  type OperationTypeDefinitionNode,
  parse,
  visit,
} from 'graphql';
import type { ContractProblem } from './contract-problem.js';

/** Far above any department's schema, low enough that a hostile text is refused in well under a second. */
const MAX_TOKENS = 200_000;
const DEFAULT_ROOTS = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** What could be read: the document, or why there is none. */
export type ReadDocument = { document: DocumentNode; problems?: never } | { document?: never; problems: ContractProblem[] };

/**
 * Parses SDL and gives the root types their default names: `schema { query: RootQuery }` is the same graph, and
 * the contract speaks of `Query`. Locations stay those of the text. Never throws.
 */
export function readDocument(sdl: string): ReadDocument {
  if (sdl.trim() === '') {
    return { problems: [{ code: 'UNREADABLE', message: 'The SDL is empty. Publish the whole text that `_service { sdl }` answers.' }] };
  }
  try {
    return withDefaultRoots(parse(sdl, { maxTokens: MAX_TOKENS }));
  } catch (error) {
    // Besides syntax errors: input nested so deeply that the parser's stack ends.
    const place = error instanceof GraphQLError ? error.locations?.[0] : undefined;
    const why = error instanceof GraphQLError ? error.message : 'it is nested too deeply';
    return { problems: [{ code: 'UNREADABLE', message: `The SDL can't be read: ${why}`, ...place }] };
  }
}

/** Where `node` stands in the text it was parsed from; what has a description, at its name. */
export function placeOf(node: ASTNode | undefined): { line: number; column: number } | undefined {
  const loc = node && 'description' in node && node.description && 'name' in node ? node.name?.loc : node?.loc;
  return loc && getLocation(loc.source, loc.start);
}

function withDefaultRoots(document: DocumentNode): ReadDocument {
  const roots = document.definitions.flatMap((node): readonly OperationTypeDefinitionNode[] =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.operationTypes ?? []) : [],
  );
  if (roots.length === 0) return { document };

  const renames = new Map(roots.map((root) => [root.type.name.value, DEFAULT_ROOTS[root.operation]]));
  const problems = document.definitions
    .filter((node) => isTypeDefinitionNode(node) || isTypeExtensionNode(node))
    .filter((node) => Object.values<string>(DEFAULT_ROOTS).includes(node.name.value) && renames.get(node.name.value) !== node.name.value)
    .map((node): ContractProblem => {
      const name = node.name.value;
      const operation = name.toLowerCase();
      const message = `${name} is defined, but \`schema { … }\` does not name it as the ${operation} root. Write \`${operation}: ${name}\`.`;
      return { code: 'ALTERED_MEMBER', member: name, expected: `${operation}: ${name}`, message, ...placeOf(node) };
    });
  if (problems.length > 0) return { problems };
  if ([...renames].every(([from, to]) => from === to)) return { document };
  const rename = (name: NameNode): NameNode => {
    const to = renames.get(name.value);
    return to === undefined ? name : { ...name, value: to };
  };
  const renameType = <N extends { name: NameNode }>(node: N): N => ({ ...node, name: rename(node.name) });
  return {
    document: visit(document, { NamedType: renameType, ObjectTypeDefinition: renameType, ObjectTypeExtension: renameType }),
  };
}
