import type { EntityModel, FieldModel, Model, ValueModel } from './model.js';

const HEAD = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible"])
scalar Json
enum Color { RED GREEN BLUE @inaccessible }`;

const typeText = ({ wrap, type }: { wrap: string; type: string }): string => wrap.replace('%', type);
const fieldText = (field: FieldModel): string => `${field.name}${field.argument ? '(arg: Int = 1)' : ''}: ${typeText(field)}`;
const KEY_FIELDS: Record<string, string> = { id: 'id: ID!', code: 'code: String!', region: 'region: String!' };

export const subgraphName = (index: number): string => `s${index}`;

/** One subgraph's schema. */
export function subgraphSdl(model: Model, index: number): string {
  return [
    HEAD,
    ...model.entities.map((entity) => entitySdl(model, entity, index)),
    ...model.values.map((value) => valueSdl(value, index)),
    ...(model.union.subgraph === index ? [`union Any = ${model.union.members.join(' | ')}`] : []),
    ...interfaceSdl(model, (field) => field.subgraph === index),
    ...(['Query', 'Mutation'] as const).map((kind) => rootSdl(model, kind, (subgraph) => subgraph === index)),
  ].join('\n');
}

function entitySdl(model: Model, { name, keys, fields }: EntityModel, index: number): string {
  const own = keys.get(index) ?? ['id'];
  const keyFields = new Set(own.flatMap((key) => key.split(' ')));
  const { implementers, fields: named } = model.named;
  const implementing = implementers.includes(name) && named.some(({ subgraph }) => subgraph === index);
  if (implementing) keyFields.add('id');
  const lines = [...keyFields].map((field) => `${KEY_FIELDS[field]}${isSharedKey(own, field) ? '' : ' @shareable'}`);
  const external = new Set<string>();
  for (const field of fields) {
    if (!field.subgraphs.includes(index)) continue;
    const directives = [field.subgraphs.length > 1 || isProvided(model, name, field.name) ? '@shareable' : ''];
    if (field.requires !== undefined) {
      directives.push(`@requires(fields: "${field.requires}")`);
      external.add(field.requires);
    }
    if (field.provides !== undefined) directives.push(`@provides(fields: "${field.provides}")`);
    lines.push(`${fieldText(field)} ${directives.join(' ')}`);
  }
  for (const provided of providedHere(model, name, index)) external.add(provided);
  for (const field of fields) if (external.has(field.name)) lines.push(`${fieldText(field)} @external`);
  if (implementing) for (const field of named) if (field.subgraph === index) lines.push(`${field.name}: String`);
  return `type ${name}${implementing ? ' implements Named' : ''} ${own.map((key) => `@key(fields: "${key}")`).join(' ')} {\n${lines.join('\n')}\n}`;
}

const isSharedKey = (keys: readonly string[], field: string): boolean => keys.some((key) => key.split(' ').includes(field));

const isProvided = (model: Model, type: string, field: string): boolean =>
  model.entities.some(({ fields }) => fields.some((candidate) => candidate.type === type && candidate.provides === field));

function providedHere(model: Model, type: string, index: number): string[] {
  return model.entities.flatMap(({ fields }) =>
    fields.flatMap((field) =>
      field.type === type && field.provides !== undefined && field.subgraphs.includes(index) ? [field.provides] : [],
    ),
  );
}

function valueSdl({ name, fields }: ValueModel, index: number): string {
  const own = fields.filter(({ subgraphs }) => subgraphs.includes(index));
  return own.length === 0 ? '' : `type ${name} @shareable {\n${own.map(fieldText).join('\n')}\n}`;
}

function interfaceSdl({ named }: Model, includes: (field: { subgraph: number }) => boolean): string[] {
  const fields = named.fields.filter(includes);
  return fields.length === 0 ? [] : [`interface Named {\nid: ID!\n${fields.map(({ name }) => `${name}: String`).join('\n')}\n}`];
}

function rootSdl({ roots }: Model, kind: 'Query' | 'Mutation', includes: (subgraph: number) => boolean): string {
  const lines = roots
    .filter((root) => root.kind === kind && includes(root.subgraph))
    .map((root) => `${root.name}${root.byId ? '(id: ID!)' : ''}: ${typeText(root)}`);
  return lines.length === 0 ? '' : `type ${kind} {\n${lines.join('\n')}\n}`;
}

/** The whole graph in one schema; with `nullable`, every field may be null, so that everything gets executed whatever fails. */
export function monolithSdl(model: Model, nullable: boolean): string {
  const { entities, values, named, union } = model;
  const types = entities.map(({ name, keys, fields }) => {
    const keyFields = new Set([...keys.values()].flat().flatMap((key) => key.split(' ')));
    const implementing = named.implementers.includes(name);
    if (implementing) keyFields.add('id');
    const lines = [
      ...[...keyFields].map((field) => KEY_FIELDS[field]),
      ...fields.map(fieldText),
      ...(implementing ? named.fields.map((field) => `${field.name}: String`) : []),
    ];
    return `type ${name}${implementing ? ' implements Named' : ''} {\n${lines.join('\n')}\n}`;
  });
  const sdl = [
    'scalar Json\nenum Color { RED GREEN }',
    ...types,
    ...values.map(({ name, fields }) => `type ${name} {\n${fields.map(fieldText).join('\n')}\n}`),
    `union Any = ${union.members.join(' | ')}`,
    ...interfaceSdl(model, () => true),
    rootSdl(model, 'Query', () => true),
    rootSdl(model, 'Mutation', () => true),
  ].join('\n');
  return nullable ? sdl.replace(/!(?!\))/g, '') : sdl;
}
