import { type FieldDefinition, type ObjectType, type Schema, type SchemaRootKind, type Supergraph } from '@apollo/federation-internals';
import type { DepartmentRoute } from '../../schema/composition/supergraph-document.js';

/** The logical subgraph that every department answers for its own rows. */
export const PARTITIONED_SUBGRAPH = 'departments';
const PARTITION_FEATURE = 'https://acceptance.gov/partition';

/** Which argument of a root field names the department. */
export interface RootPartition {
  readonly argument: string;
  /** The department when the argument is left out. */
  readonly defaultValue: unknown;
}

/** Which field of which type, and which argument of which root field, says whose row it is; and who there is. */
export class PartitionTable {
  readonly #types: ReadonlyMap<string, string>;
  readonly #fields: ReadonlyMap<string, RootPartition>;
  readonly #departments: ReadonlySet<string>;
  readonly #extensions: ReadonlySet<string>;
  /** False for a supergraph without a partition: then nothing is routed. */
  readonly partitioned: boolean;
  /** What stands in the way of routing every fetch; empty in a table that can be used. */
  readonly problems: readonly string[];

  constructor(supergraph: Supergraph, routes: readonly DepartmentRoute[]) {
    const { schema } = supergraph;
    const directive = schema.coreFeatures?.getByIdentity(PARTITION_FEATURE)?.directiveNameInSchema('partition');
    const names = supergraph.subgraphsMetadata().map(({ name }) => name);
    this.partitioned = directive !== undefined && names.includes(PARTITIONED_SUBGRAPH);
    this.#types = new Map(directive === undefined ? [] : partitionedTypes(schema, directive));
    this.#fields = new Map(directive === undefined ? [] : partitionedFields(schema, directive));
    this.#departments = new Set(routes.map(({ code }) => code));
    this.#extensions = new Set(routes.filter(({ extension }) => extension).map(({ code }) => code));
    this.problems = [...routeProblems(routes, names), ...(this.partitioned ? this.#partitionProblems(supergraph) : [])];
  }

  hasDepartment(code: string): boolean {
    return this.#departments.has(code);
  }

  /** Whether the subgraph is what one department adds to the contract. */
  isExtension(subgraph: string): boolean {
    return this.#extensions.has(subgraph);
  }

  isPartitioned(subgraph: string): boolean {
    return this.partitioned && subgraph === PARTITIONED_SUBGRAPH;
  }

  /** The field of a type that names its row's department. */
  typeField(typename: string): string | undefined {
    return this.#types.get(typename);
  }

  rootArgument(kind: SchemaRootKind, field: string): RootPartition | undefined {
    return this.#fields.get(`${kind}.${field}`);
  }

  *#partitionProblems(supergraph: Supergraph): Generator<string> {
    const subgraph = supergraph.subgraphs().get(PARTITIONED_SUBGRAPH);
    if (subgraph === undefined) return;
    const { schema } = subgraph;
    const key = subgraph.metadata().keyDirective();
    for (const type of schema.objectTypes()) {
      for (const { fields, resolvable } of type.appliedDirectivesOf(key).map((applied) => applied.arguments())) {
        if (resolvable === false) continue;
        const by = this.#types.get(type.name);
        if (by === undefined)
          yield `type ${type.name} of subgraph "${PARTITIONED_SUBGRAPH}" has a key but no @partition, so nobody knows which department has its rows`;
        else if (!topLevelFields(String(fields)).includes(by))
          yield `@key(fields: "${String(fields)}") of type ${type.name} lacks ${by}, which @partition names`;
      }
    }
    for (const { rootKind, type } of schema.schemaDefinition.roots()) {
      for (const field of type.fields()) {
        if (field.name.startsWith('_')) continue;
        const partition = this.#fields.get(`${rootKind}.${field.name}`);
        if (partition === undefined)
          yield `field ${field.coordinate} of subgraph "${PARTITIONED_SUBGRAPH}" has no @partition, so nobody knows which department to ask`;
        else if (field.argument(partition.argument) === undefined)
          yield `field ${field.coordinate} has no argument ${partition.argument}, which @partition names`;
      }
    }
  }
}

function* routeProblems(routes: readonly DepartmentRoute[], subgraphs: readonly string[]): Generator<string> {
  const seen = new Set<string>();
  for (const { code, extension } of routes) {
    if (seen.has(code)) yield `department "${code}" has two routes`;
    seen.add(code);
    if (extension && !subgraphs.includes(code))
      yield `department "${code}" should have an extension subgraph, but the supergraph has no subgraph of that name`;
  }
}

function* partitionedTypes(schema: Schema, directive: string): Generator<[string, string]> {
  for (const type of schema.objectTypes()) {
    const by = partitionBy(type, directive);
    if (by !== undefined) yield [type.name, by];
  }
}

function* partitionedFields(schema: Schema, directive: string): Generator<[string, RootPartition]> {
  for (const { rootKind, type } of schema.schemaDefinition.roots()) {
    for (const field of type.fields()) {
      const argument = partitionBy(field, directive);
      if (argument !== undefined) yield [`${rootKind}.${field.name}`, { argument, defaultValue: field.argument(argument)?.defaultValue }];
    }
  }
}

function partitionBy(element: ObjectType | FieldDefinition<ObjectType>, directive: string): string | undefined {
  const by: unknown = element.appliedDirectivesOf(directive)[0]?.arguments()['by'];
  return typeof by === 'string' ? by : undefined;
}

/** The fields of a key, without those nested in braces. */
function topLevelFields(key: string): string[] {
  let flat = key;
  for (let shorter = ''; shorter !== flat; ) {
    shorter = flat;
    flat = flat.replace(/\{[^{}]*\}/g, ' ');
  }
  return flat.split(/[\s,]+/).filter(Boolean);
}
