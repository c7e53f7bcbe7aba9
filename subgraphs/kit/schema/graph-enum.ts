import { registerEnumType } from 'type-graphql';

/** Registers an enum whose values are their own names; the type is taken from the result, so that no name is a type and a value. */
export function graphEnum<const T extends Record<string, string>>(
  name: string,
  description: string,
  values: T,
): { readonly [K in keyof T]: K } {
  const members = Object.fromEntries(Object.keys(values).map((value) => [value, value])) as { readonly [K in keyof T]: K };
  registerEnumType(members, {
    name,
    description,
    valuesConfig: Object.fromEntries(Object.entries(values).map(([value, text]) => [value, { description: text }])) as never,
  });
  return members;
}
