import {
  doTypesOverlap,
  type GraphQLField,
  GraphQLInt,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Random } from './random.js';

export interface RandomOperation {
  text: string;
  variables: Record<string, unknown>;
}

export interface WritingOptions {
  /** Values for arguments by name; arguments of other names get small numbers, ids small ids. */
  arguments?: Record<string, { type: string; values: readonly string[] }>;
  /** Fields never asked for. */
  leftOut?: readonly string[];
}

/** Writes an operation that is mostly valid; the caller validates. */
export function randomOperation(
  schema: GraphQLSchema,
  random: Random,
  kind: 'query' | 'mutation',
  options: WritingOptions = {},
): RandomOperation {
  return new Writer(schema, random, options).write(kind);
}

class Writer {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #options: WritingOptions;
  readonly #variables = new Map<string, { type: string; value: unknown; defaultValue?: string }>();
  readonly #fragments = new Map<string, { type: string; text: string }>();

  constructor(schema: GraphQLSchema, random: Random, options: WritingOptions) {
    this.#options = options;
    this.#schema = schema;
    this.#random = random;
  }

  write(kind: 'query' | 'mutation'): RandomOperation {
    const root = kind === 'query' ? this.#schema.getQueryType() : this.#schema.getMutationType();
    const selections = this.#selections(root as GraphQLNamedType, 0);
    const definitions = [...this.#variables].map(
      ([name, { type, defaultValue }]) => `$${name}: ${type}${defaultValue === undefined ? '' : ` = ${defaultValue}`}`,
    );
    const head = definitions.length > 0 ? `${kind} Op(${definitions.join(', ')})` : `${kind} Op`;
    const fragments = [...this.#fragments].map(([name, { type, text }]) => `fragment ${name} on ${type} ${text}`);
    const variables = Object.fromEntries(
      [...this.#variables].filter(([, { value }]) => value !== undefined).map(([name, { value }]) => [name, value]),
    );
    return { text: [`${head} ${selections}`, ...fragments].join('\n'), variables };
  }

  #selections(type: GraphQLNamedType, depth: number): string {
    const random = this.#random;
    const count = 1 + random.below(depth === 0 ? 3 : depth < 3 ? 5 : 3);
    const parts: string[] = [];
    for (let i = 0; i < count; i++) parts.push(this.#selection(type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const random = this.#random;
    const isRoot = depth === 0;
    if (!isRoot && depth < 6 && random.chance(isUnionType(type) ? 0.85 : 0.2)) return this.#fragment(type, depth);
    if (isUnionType(type) || random.chance(isRoot ? 0.05 : 0.1))
      return `${random.chance(0.3) ? 'kind: ' : ''}__typename${this.#condition()}`;
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    const fields = Object.values(type.getFields()).filter(
      (field) => !this.#options.leftOut?.includes(field.name) && (depth < 5 || !isCompositeType(getNamedType(field.type))),
    );
    return fields.length === 0 ? '__typename' : this.#field(random.pick(fields), depth);
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const given = field.args
      .filter(({ type }) => isNonNullType(type) || (type === GraphQLInt && this.#random.chance(0.7)))
      .map(({ name }) => ({ name, text: this.#argument(name) }));
    // the alias follows from the arguments, so that equal aliases nearly always mean equal fields
    const suffix = given.map(({ text }) => text.replace(/[^a-z0-9]/gi, '')).join('_');
    const exotic = this.#random.chance(0.03) ? this.#random.pick(['constructor', '__proto__', 'toString']) : undefined;
    const alias = exotic ?? (suffix !== '' ? `${field.name}_${suffix}` : this.#random.chance(0.1) ? `${field.name}_again` : undefined);
    const type = getNamedType(field.type);
    const head = `${alias === undefined ? '' : `${alias}: `}${field.name}${given.length > 0 ? `(${given.map(({ name, text }) => `${name}: ${text}`).join(', ')})` : ''}${this.#condition()}`;
    return isCompositeType(type) ? `${head} ${this.#selections(type, depth + 1)}` : head;
  }

  #fragment(type: GraphQLNamedType, depth: number): string {
    const random = this.#random;
    const applicable = ['Named', 'Any', 'A', 'B', 'C', type.name].filter((name) => {
      const other = this.#schema.getType(name);
      return isCompositeType(other) && isCompositeType(type) && doTypesOverlap(this.#schema, other, type);
    });
    const condition = random.pick(applicable);
    const inner = this.#schema.getType(condition) as GraphQLNamedType;
    if (random.chance(0.3)) {
      const known = [...this.#fragments].filter(([, fragment]) => fragment.type === condition);
      if (known.length > 0 && random.chance(0.5)) return `...${random.pick(known)[0]}${this.#condition()}`;
      const text = this.#selections(inner, depth + 2);
      const name = `F${this.#fragments.size}`;
      this.#fragments.set(name, { type: condition, text });
      return `...${name}${this.#condition()}`;
    }
    const bare = random.chance(0.1);
    return `...${bare ? '' : ` on ${condition}`}${this.#condition()} ${this.#selections(bare ? type : inner, depth + 1)}`;
  }

  #argument(name: string): string {
    const random = this.#random;
    const known = this.#options.arguments?.[name];
    if (known === undefined) return name === 'id' ? this.#id() : this.#number();
    const value = random.pick(known.values);
    if (random.chance(0.6)) return `"${value}"`;
    const variable = `${name}${random.below(2)}`;
    if (!this.#variables.has(variable)) this.#variables.set(variable, { type: known.type, value });
    return `$${variable}`;
  }

  #condition(): string {
    const random = this.#random;
    if (!random.chance(0.12)) return '';
    const directive = random.pick(['skip', 'include']);
    return ` @${directive}(if: ${random.chance(0.25) ? random.chance(0.5) : this.#flag()})`;
  }

  #flag(): string {
    const random = this.#random;
    const name = random.pick(['p', 'q', 'd']);
    if (!this.#variables.has(name)) {
      if (name === 'd')
        this.#variables.set(name, {
          type: 'Boolean!',
          value: random.pick([undefined, true, false]),
          defaultValue: String(random.chance(0.5)),
        });
      else this.#variables.set(name, { type: 'Boolean!', value: random.chance(0.5) });
    }
    return `$${name}`;
  }

  #id(): string {
    const random = this.#random;
    if (random.chance(0.6)) return `"${random.below(5)}"`;
    const name = `id${random.below(2)}`;
    if (!this.#variables.has(name)) this.#variables.set(name, { type: 'ID!', value: `${random.below(5)}` });
    return `$${name}`;
  }

  #number(): string {
    const random = this.#random;
    if (random.chance(0.6)) return String(random.below(3));
    if (!this.#variables.has('n'))
      this.#variables.set('n', { type: 'Int', value: random.pick([undefined, null, 1, 5]), defaultValue: '9' });
    return '$n';
  }
}
