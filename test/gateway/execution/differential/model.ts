import { Random } from './random.js';

/** A generated graph before it is written as SDL: which types there are, and which subgraph has which of their fields. */
export interface Model {
  subgraphs: number;
  entities: EntityModel[];
  values: ValueModel[];
  /** Present when the graph has interface Named, implemented by these entities; field → subgraphs that have it. */
  named: { implementers: string[]; fields: Array<{ name: string; subgraph: number }> };
  union: { members: string[]; subgraph: number };
  roots: RootModel[];
}

export interface FieldModel {
  name: string;
  type: string;
  /** `%` stands for the named type, as in `[%!]!`. */
  wrap: string;
  subgraphs: number[];
  argument: boolean;
  /** A field of the same entity that another subgraph has. */
  requires?: string;
  /** A field of the referenced entity that comes along. */
  provides?: string;
}

export interface EntityModel {
  name: string;
  /** Per subgraph that knows the entity: its keys. */
  keys: Map<number, string[]>;
  fields: FieldModel[];
}

export interface ValueModel {
  name: string;
  fields: FieldModel[];
}

export interface RootModel {
  name: string;
  kind: 'Query' | 'Mutation';
  type: string;
  wrap: string;
  subgraph: number;
  byId: boolean;
}

const LEAVES = ['String', 'Int', 'Boolean', 'Color', 'Json', 'Float', 'ID'];
const LEAF_WRAPS = ['%', '%', '%!', '[%]', '[%!]', '[[%]!]'];
const OBJECT_WRAPS = ['%', '%', '%!', '[%]', '[%!]', '[%!]!', '[[%]]', '[%]!'];

export function generateModel(seed: number): Model {
  const random = new Random(seed);
  const subgraphs = 2 + random.below(3);
  const all = Array.from({ length: subgraphs }, (_, index) => index);
  const names = ['A', 'B', 'C'].slice(0, 2 + random.below(2));
  const valueNames = ['V', 'W'].slice(0, 1 + random.below(2));
  const keyStyle = random.pick(['id', 'id', 'mixed', 'composite']);
  const keysFor = (subgraph: number): string[] => {
    if (keyStyle === 'composite') return ['id region'];
    if (keyStyle === 'mixed') return subgraph === 0 ? ['id', 'code'] : random.pick([['id'], ['code'], ['id', 'code']]);
    return ['id'];
  };
  const entities = names.map(
    (name): EntityModel => ({ name, keys: new Map(all.map((subgraph) => [subgraph, keysFor(subgraph)])), fields: [] }),
  );
  const home = (): number[] => (random.chance(0.2) ? random.some(all, 2) : [random.pick(all)]);

  const ownNames = random.chance(0.5);
  for (const entity of entities) {
    for (let i = 0; i < 5 + random.below(3); i++)
      entity.fields.push(leafField(random, ownNames ? `${entity.name.toLowerCase()}f${i}` : `f${i}`, home()));
    for (let i = 0; i < 2; i++)
      entity.fields.push(
        objectField(random, ownNames ? `${entity.name.toLowerCase()}r${i}` : `r${i}`, random.pick([...names, 'Named', 'Any']), [
          random.pick(all),
        ]),
      );
    for (const value of valueNames) entity.fields.push(objectField(random, value.toLowerCase(), value, random.some(all, 1)));
    const required = entity.fields.find(
      (field) =>
        field.subgraphs.length === 1 && field.wrap === '%' && field.type !== 'Json' && !field.argument && LEAVES.includes(field.type),
    );
    const [where] = all.filter((subgraph) => subgraph !== required?.subgraphs[0]);
    if (required !== undefined && where !== undefined) {
      entity.fields.push({
        name: 'computed',
        type: 'String',
        wrap: random.pick(['%', '%!']),
        subgraphs: [where],
        argument: false,
        requires: required.name,
      });
    }
  }
  const values = valueNames.map((name): ValueModel => {
    const holders = new Set(
      entities.flatMap(({ fields }) => fields.filter(({ type }) => type === name).flatMap((field) => field.subgraphs)),
    );
    const where = [...holders];
    // whoever answers a field of a value type must be asked for it through the owner: every holder has every such field
    for (const { fields } of entities) {
      for (const field of fields.filter(({ type }) => type === name)) {
        field.subgraphs = where;
        // @apollo/gateway replaces lists of lists that several subgraphs answer instead of merging them
        if (where.length > 1) field.wrap = field.wrap.replaceAll('[[%]]', '[%]');
      }
    }
    const fields = [0, 1, 2].map((i) => leafField(random, `${name.toLowerCase()}${i}`, i === 0 ? where : random.some(where, 1)));
    return { name, fields: [...fields, objectField(random, `to${name}`, random.pick(names), [random.pick(where)])] };
  });
  const named = {
    implementers: names.slice(0, 2),
    fields: [
      { name: 'label', subgraph: 0 },
      { name: 'rank', subgraph: random.pick(all) },
    ],
  };
  const union = { members: names.slice(0, 2), subgraph: 0 };
  // the interface and the union live in the first subgraph; so do the fields that lead to them
  for (const { fields } of entities) for (const field of fields) if (field.type === 'Named' || field.type === 'Any') field.subgraphs = [0];
  const roots = rootsOf(random, names, all);
  provide(random, entities);
  return { subgraphs, entities, values, named, union, roots };
}

function leafField(random: Random, name: string, subgraphs: number[]): FieldModel {
  return { name, type: random.pick(LEAVES), wrap: random.pick(LEAF_WRAPS), subgraphs, argument: random.chance(0.2) };
}

function objectField(random: Random, name: string, type: string, subgraphs: number[]): FieldModel {
  return { name, type, wrap: random.pick(OBJECT_WRAPS), subgraphs, argument: false };
}

function rootsOf(random: Random, names: readonly string[], all: readonly number[]): RootModel[] {
  const roots: RootModel[] = [];
  for (const type of names) {
    const lower = type.toLowerCase();
    roots.push({ name: `${lower}ById`, kind: 'Query', type, wrap: '%', subgraph: random.pick(all), byId: true });
    roots.push({ name: `${lower}List`, kind: 'Query', type, wrap: random.pick(OBJECT_WRAPS), subgraph: random.pick(all), byId: false });
    roots.push({ name: `touch${type}`, kind: 'Mutation', type, wrap: random.pick(['%', '%!']), subgraph: random.pick(all), byId: true });
  }
  roots.push({ name: 'named', kind: 'Query', type: 'Named', wrap: random.pick(OBJECT_WRAPS), subgraph: 0, byId: false });
  roots.push({ name: 'any', kind: 'Query', type: 'Any', wrap: random.pick(OBJECT_WRAPS), subgraph: 0, byId: false });
  return roots;
}

/** Lets some references bring a field along that another subgraph owns. */
function provide(random: Random, entities: readonly EntityModel[]): void {
  for (const { fields } of entities) {
    for (const field of fields) {
      const target = entities.find(({ name }) => name === field.type);
      const [from] = field.subgraphs;
      if (target === undefined || from === undefined || field.subgraphs.length > 1 || !random.chance(0.4)) continue;
      const provided = target.fields.find(
        (candidate) =>
          LEAVES.includes(candidate.type) && !candidate.argument && !candidate.subgraphs.includes(from) && candidate.requires === undefined,
      );
      const isRequired = target.fields.some(({ requires }) => requires === provided?.name);
      if (provided !== undefined && !isRequired) field.provides = provided.name;
    }
  }
}
