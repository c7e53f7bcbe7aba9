import type { DirectiveTargetElement, Schema, SchemaElement, Supergraph } from '@apollo/federation-internals';

/** `@listSize`: how long a field's list will be. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  /** Arguments that say how many items there will be at most. */
  readonly slicingArguments: readonly string[];
  /** Fields of the returned object whose lists are meant, instead of the field's own. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

/** What `@cost` and `@listSize` say in a composed supergraph (the IBM specification, as Federation 2.9 composes it). */
export class CostRules {
  readonly #weights = new Map<string, number>();
  readonly #lists = new Map<string, ListSize>();

  constructor({ schema }: Pick<Supergraph, 'schema'>) {
    const feature = schema.coreFeatures?.getByIdentity('https://specs.apollo.dev/cost');
    if (feature === undefined) return;
    this.#read(schema, feature.directiveNameInSchema('cost'), feature.directiveNameInSchema('listSize'));
  }

  /** By coordinate: `Type`, `Type.field`, `Type.field(argument:)`. */
  weight(coordinate: string): number | undefined {
    return this.#weights.get(coordinate);
  }

  listSize(type: string, field: string): ListSize | undefined {
    return this.#lists.get(`${type}.${field}`);
  }

  #read(schema: Schema, cost: string, listSize: string): void {
    const weigh = (element: SchemaElement<never, never> | DirectiveTargetElement<never>, coordinate: string) => {
      const weight: unknown = (element as DirectiveTargetElement<never>).appliedDirectivesOf(cost)[0]?.arguments()['weight'];
      if (typeof weight === 'number') this.#weights.set(coordinate, weight);
    };
    for (const type of schema.types()) {
      weigh(type as never, type.name);
      if (type.kind === 'InputObjectType') for (const field of type.fields()) weigh(field as never, field.coordinate);
      if (type.kind !== 'ObjectType' && type.kind !== 'InterfaceType') continue;
      for (const field of type.fields()) {
        weigh(field as never, field.coordinate);
        for (const argument of field.arguments()) weigh(argument as never, argument.coordinate);
        const given = (field as unknown as DirectiveTargetElement<never>).appliedDirectivesOf(listSize)[0]?.arguments(true);
        if (given !== undefined) this.#lists.set(field.coordinate, listSizeOf(given));
      }
    }
  }
}

function listSizeOf(given: Readonly<Record<string, unknown>>): ListSize {
  const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  return {
    assumedSize: typeof given['assumedSize'] === 'number' ? given['assumedSize'] : undefined,
    slicingArguments: names(given['slicingArguments']),
    sizedFields: names(given['sizedFields']),
    requireOneSlicingArgument: given['requireOneSlicingArgument'] !== false,
  };
}
