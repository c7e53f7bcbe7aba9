import { type ASTNode, type FragmentDefinitionNode, Kind, print, stripIgnoredCharacters, visit } from 'graphql';
import type { ParsedFetch, RootField } from '../execution/root-fields.js';

/** Writes operations that ask for some of a fetch's root fields: everything is printed once, then only put together. */
export class OperationSplitter {
  readonly #head: string;
  readonly #directives: string;
  readonly #definitions: ReadonlyMap<string, string>;
  readonly #fields: ReadonlyMap<RootField, FieldText>;
  readonly #fragments: ReadonlyMap<string, string>;
  readonly #directiveVariables: ReadonlySet<string>;

  constructor({ operation, fragments, fields }: ParsedFetch) {
    this.#head = operation.name === undefined ? operation.operation : `${operation.operation} ${operation.name.value}`;
    this.#directives = (operation.directives ?? []).map(compact).join(' ');
    this.#directiveVariables = variablesIn(operation.directives ?? []);
    this.#definitions = new Map(
      (operation.variableDefinitions ?? []).map((definition) => [definition.variable.name.value, compact(definition)]),
    );
    this.#fields = new Map(fields.map((field) => [field, fieldText(field, fragments)]));
    this.#fragments = new Map(Array.from(fragments, ([name, fragment]) => [name, compact(fragment)]));
  }

  /** A valid operation for these fields, with the variables and fragments they use and no others. */
  write(fields: readonly RootField[]): { query: string; variables: string[] } {
    const variables = new Set(this.#directiveVariables);
    const fragments = new Set<string>();
    const selections: string[] = [];
    for (const field of fields) {
      const text = this.#fields.get(field);
      if (text === undefined) throw new Error('a field of another fetch');
      selections.push(text.selection);
      for (const name of text.variables) variables.add(name);
      for (const name of text.fragments) fragments.add(name);
    }
    const definitions = [...this.#definitions].filter(([name]) => variables.has(name)).map(([, text]) => text);
    const query = [
      this.#head,
      definitions.length > 0 ? `(${definitions.join(' ')})` : '',
      this.#directives,
      `{${selections.join(' ')}}`,
      ...Array.from(fragments, (name) => this.#fragments.get(name) ?? ''),
    ];
    return { query: query.join(''), variables: [...variables] };
  }
}

interface FieldText {
  readonly selection: string;
  readonly variables: ReadonlySet<string>;
  readonly fragments: ReadonlySet<string>;
}

function fieldText(field: RootField, fragments: ReadonlyMap<string, FragmentDefinitionNode>): FieldText {
  const reached = new Set<string>();
  const nodes: ASTNode[] = [field.selection];
  for (const node of nodes) {
    visit(node, {
      FragmentSpread: ({ name: { value: name } }) => {
        const fragment = fragments.get(name);
        if (fragment === undefined || reached.has(name)) return;
        reached.add(name);
        nodes.push(fragment);
      },
    });
  }
  return { selection: compact(field.selection), variables: variablesIn(nodes), fragments: reached };
}

function variablesIn(nodes: readonly ASTNode[]): Set<string> {
  const names = new Set<string>();
  for (const node of nodes) visit(node, { [Kind.VARIABLE]: { enter: ({ name }) => void names.add(name.value) } });
  return names;
}

const compact = (node: ASTNode): string => stripIgnoredCharacters(print(node));
