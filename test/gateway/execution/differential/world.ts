import { GraphQLError, type GraphQLResolveInfo, Kind, parseType, type TypeNode } from 'graphql';
import type { Resolver, Resolvers } from '../in-process-graph.js';
import type { FieldModel, Model } from './model.js';
import { hash, Random } from './random.js';

/** One object; `key` names it in messages. */
export type Row = Record<string, unknown> & { __typename: string; key: string };

/** What goes wrong in one run. Decided by hashes, so that both executors meet the same. */
export interface Faults {
  salt: number;
  /** Share of fields whose resolver throws. */
  errors: number;
  /** Share of entities a subgraph does not find. */
  missing: number;
  /** Share of fetches without an answer. */
  outages: number;
}

export const NO_FAULTS: Faults = { salt: 0, errors: 0, missing: 0, outages: 0 };

export const strikes = (share: number, faults: Faults, what: string): boolean =>
  share > 0 && (hash(`${faults.salt}:${what}`) % 10_000) / 10_000 < share;

const ROWS = 4;

/** The data behind a generated graph, and the resolvers that read it. */
export class World {
  readonly rows = new Map<string, Row[]>();
  readonly #model: Model;

  constructor(model: Model, seed: number) {
    this.#model = model;
    const random = new Random(seed);
    for (const { name } of model.entities) {
      this.rows.set(
        name,
        Array.from({ length: ROWS }, (_, i) => ({
          __typename: name,
          key: `${name}:${i}`,
          id: `${i}`,
          code: `c${i}`,
          region: `r${i % 2}`,
          label: i === 1 ? null : `L${i}`,
          rank: `K${i}`,
        })),
      );
    }
    for (const { name, fields } of model.entities) {
      for (const row of this.rows.get(name) ?? []) this.#fill(row, fields, random);
    }
    for (const root of model.roots)
      this.#roots.set(root.name, this.#value(parseType(root.wrap.replace('%', 'T')), root.type, root.name, random));
  }

  readonly #roots = new Map<string, unknown>();

  #fill(row: Row, fields: readonly FieldModel[], random: Random): void {
    for (const field of fields)
      row[field.name] = this.#value(parseType(field.wrap.replace('%', 'T')), field.type, `${row.key}.${field.name}`, random);
  }

  #value(type: TypeNode, named: string, key: string, random: Random): unknown {
    if (type.kind === Kind.NON_NULL_TYPE) return this.#present(type.type, named, key, random);
    return random.chance(0.12) ? null : this.#present(type, named, key, random);
  }

  #present(type: TypeNode, named: string, key: string, random: Random): unknown {
    if (type.kind === Kind.LIST_TYPE)
      return Array.from({ length: random.below(4) }, (_, i) => this.#value(type.type, named, `${key}[${i}]`, random));
    const { entities, values, named: face, union } = this.#model;
    switch (named) {
      case 'String':
        return random.pick(['', 'x', '值', key]);
      case 'ID':
        return random.pick(['id', '7']);
      case 'Int':
        return random.pick([0, 1, -5]);
      case 'Float':
        return random.pick([0, 1.5, -2e10]);
      case 'Boolean':
        return random.chance(0.5);
      case 'Color':
        return random.chance(0.05) ? 'BLUE' : random.pick(['RED', 'GREEN']);
      case 'Json':
        return random.pick([{ a: { b: 1 } }, 'text', 3, false, [1, { c: null }]]);
    }
    const value = values.find(({ name }) => name === named);
    if (value !== undefined) {
      const row: Row = { __typename: named, key };
      this.#fill(row, value.fields, random);
      return row;
    }
    const among =
      named === 'Named'
        ? face.implementers
        : named === 'Any'
          ? union.members
          : entities.filter(({ name }) => name === named).map(({ name }) => name);
    return random.pick(this.rows.get(random.pick(among)) ?? []);
  }

  /** Resolvers for one subgraph, or for the monolith. They read their faults from the context. */
  resolvers(subgraph: string | undefined, types: ReadonlySet<string>): Resolvers {
    const resolvers: Resolvers = {};
    for (const { name, fields } of this.#model.entities) {
      resolvers[name] = { ...this.#fieldResolvers([...fields.map(({ name: field }) => field), 'label', 'rank'], fields) };
      if (subgraph !== undefined) resolvers[name]['__resolveReference'] = this.#reference(name, subgraph);
    }
    for (const { name, fields } of this.#model.values)
      resolvers[name] = this.#fieldResolvers(
        fields.map(({ name: field }) => field),
        fields,
      );
    for (const kind of ['Query', 'Mutation']) {
      resolvers[kind] = Object.fromEntries(
        this.#model.roots.filter((root) => root.kind === kind).map((root) => [root.name, this.#root(root.name, root.type, root.byId)]),
      );
    }
    return Object.fromEntries(Object.entries(resolvers).filter(([name]) => types.has(name)));
  }

  #fieldResolvers(names: readonly string[], fields: readonly FieldModel[]): Record<string, Resolver> {
    return Object.fromEntries(
      names.map((name): [string, Resolver] => {
        const field = fields.find((candidate) => candidate.name === name);
        return [
          name,
          (row: Row & { representation?: Row }, args, faults: Faults, info) => {
            throwIfStruck(`${row.key}.${name}`, faults, info);
            if (field?.requires !== undefined) return `computed ${JSON.stringify((row.representation ?? row)[field.requires])}`;
            const value = row[name];
            return field?.argument && field.type === 'String' && typeof value === 'string' ? `${value}#${args.arg}` : value;
          },
        ];
      }),
    );
  }

  #reference(type: string, subgraph: string): Resolver {
    return (representation: Row, faults: Faults) => {
      const row = this.rows.get(type)?.find(({ id, code }) => id === representation['id'] || code === representation['code']);
      if (row === undefined || strikes(faults.missing, faults, `${subgraph} ${row.key}`)) return null;
      return { ...row, representation };
    };
  }

  #root(name: string, type: string, byId: boolean): Resolver {
    return (_, args, faults: Faults, info) => {
      throwIfStruck(`root.${name}`, faults, info);
      return byId ? (this.rows.get(type)?.find(({ id }) => id === args.id) ?? null) : this.#roots.get(name);
    };
  }
}

/** Told by the monolith which object is where: places as JSON, and keys. */
export type Witness = Faults & { seen?: Map<string, string> };

function throwIfStruck(what: string, faults: Witness, info: GraphQLResolveInfo): void {
  if (faults.seen !== undefined) {
    const path: Array<string | number> = [];
    for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at !== undefined; at = at.prev) path.unshift(at.key);
    faults.seen.set(JSON.stringify(path.slice(0, -1)), what.slice(0, what.lastIndexOf('.')));
  }
  if (strikes(faults.errors, faults, what)) throw new GraphQLError(`struck ${what}`, { extensions: { code: 'STRUCK' } });
}
