import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, type Schema, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { LeastRecentlyUsed } from './least-recently-used.js';
import { graphOf, pruneSupergraph } from './prune-supergraph.js';

/** Sets of extensions that operations ask for together; each keeps a query graph of its own. */
const PLANNERS = 32;

/** A planner, and the schema that operations for it are read against. */
export interface PlannerFor {
  readonly planner: QueryPlanner;
  readonly apiSchema: Schema;
}

/**
 * Planners over the platform, the contract, and only those departments' extensions that an operation asks for. A planner
 * looks at every subgraph that could resolve a key, and every extension could: over all of them, planning would take longer with
 * each department that joins, for operations that ask none of them.
 */
export class ExtensionPlanners {
  readonly #document: DocumentNode;
  readonly #api: GraphQLSchema;
  /** Values of `join__Graph`. */
  readonly #extensions: ReadonlySet<string>;
  readonly #owners = new Map<string, ReadonlySet<string>>();
  /** By extension: the others whose fields it requires. */
  readonly #requires = new Map<string, Set<string>>();
  readonly #planners = new LeastRecentlyUsed<string, PlannerFor>(PLANNERS);

  /** @param extensions names of subgraphs that define nothing which others need. */
  constructor(sdl: string, api: GraphQLSchema, extensions: ReadonlySet<string>) {
    this.#document = parse(sdl, { noLocation: true });
    this.#api = api;
    this.#extensions = this.#graphsNamed(extensions);
    this.#readOwners();
    // the one that most operations need
    this.#planner([]);
  }

  /** @param document valid in the API schema. */
  for(document: DocumentNode): PlannerFor {
    return this.#planner([...this.#extensionsOf(document)].sort());
  }

  #planner(kept: readonly string[]): PlannerFor {
    const key = kept.join(' ');
    const known = this.#planners.get(key);
    if (known !== undefined) return known;
    const removed = new Set([...this.#extensions].filter((graph) => !kept.includes(graph)));
    const supergraph = Supergraph.build(pruneSupergraph(this.#document, removed), {
      supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
    });
    const made = { planner: new QueryPlanner(supergraph), apiSchema: supergraph.apiSchema() };
    this.#planners.set(key, made);
    return made;
  }

  #extensionsOf(document: DocumentNode): Set<string> {
    const found = new Set<string>();
    const need = (coordinate: string) => {
      const owners = this.#owners.get(coordinate);
      if (owners === undefined || ![...owners].every((graph) => this.#extensions.has(graph))) return;
      for (const graph of owners) this.#add(graph, found);
    };
    const info = new TypeInfo(this.#api);
    visit(
      document,
      visitWithTypeInfo(info, {
        Field({ name }) {
          const parent = info.getParentType();
          if (parent != null) need(`${parent.name}.${name.value}`);
        },
        // a fragment on a type that only an extension knows, an input that only it takes
        NamedType: ({ name }) => need(name.value),
      }),
    );
    return found;
  }

  #add(graph: string, found: Set<string>): void {
    if (found.has(graph)) return;
    found.add(graph);
    for (const required of this.#requires.get(graph) ?? []) this.#add(required, found);
  }

  #graphsNamed(names: ReadonlySet<string>): ReadonlySet<string> {
    const graphs = new Set<string>();
    for (const definition of this.#document.definitions) {
      if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
      for (const { name, directives } of definition.values ?? []) {
        const given = directives?.find((directive) => directive.name.value === 'join__graph');
        const value = given?.arguments?.find((argument) => argument.name.value === 'name')?.value;
        if (value?.kind === Kind.STRING && names.has(value.value)) graphs.add(name.value);
      }
    }
    return graphs;
  }

  #readOwners(): void {
    for (const definition of this.#document.definitions) {
      if (!isTypeDefinitionNode(definition)) continue;
      const type = definition.name.value;
      const ofType = graphsOf(definition.directives, 'join__type');
      if (ofType.size > 0) this.#owners.set(type, ofType);
      if (!('fields' in definition)) continue;
      for (const { name, directives } of definition.fields ?? []) {
        const says = (directives ?? []).filter((directive) => directive.name.value === 'join__field');
        const owners = graphsOf(
          says.filter((directive) => !isExternal(directive)),
          'join__field',
        );
        this.#owners.set(`${type}.${name.value}`, says.length === 0 || owners.size === 0 ? ofType : owners);
        const from = [...owners].filter((graph) => this.#extensions.has(graph));
        for (const graph of graphsOf(says.filter(isExternal), 'join__field')) {
          if (!this.#requires.has(graph)) this.#requires.set(graph, new Set());
          for (const owner of from) this.#requires.get(graph)?.add(owner);
        }
      }
    }
  }
}

function graphsOf(directives: readonly ConstDirectiveNode[] | undefined, name: string): Set<string> {
  return new Set((directives ?? []).filter((directive) => directive.name.value === name).flatMap((directive) => graphOf(directive) ?? []));
}

function isExternal({ arguments: args }: ConstDirectiveNode): boolean {
  return args?.some(({ name, value }) => name.value === 'external' && value.kind === Kind.BOOLEAN && value.value) === true;
}
