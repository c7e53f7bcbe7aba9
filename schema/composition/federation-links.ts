import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';

const FEDERATION = /^https:\/\/specs\.apollo\.dev\/federation\/v\d+\.\d+\/?$/;
const APOLLO_SPEC = /^https:\/\/specs\.apollo\.dev\/(tag|inaccessible|authenticated|requiresScopes|policy|cost)\/v\d+\.\d+\/?$/;
export const PARTITION_URL = 'https://acceptance.gov/partition/v1.0';

export const FEDERATION_DIRECTIVES = [
  'key',
  'requires',
  'provides',
  'external',
  'tag',
  'extends',
  'shareable',
  'inaccessible',
  'override',
  'composeDirective',
  'interfaceObject',
  'authenticated',
  'requiresScopes',
  'policy',
  'context',
  'fromContext',
  'cost',
  'listSize',
  'cacheTag',
] as const;
export type FederationDirective = (typeof FEDERATION_DIRECTIVES)[number];

/** The `@link`s of a document, read so that a directive's meaning is known whatever it is called there. */
export interface FederationLinks {
  /** False for a Federation 1 document, which links nothing. */
  federation2: boolean;
  /** The federation directive (or `partition`) that `@<local>` means here; undefined when it is none of them. */
  readonly meaning: (local: string) => FederationDirective | 'partition' | undefined;
  /** What the federation directive is called here: `key`, `federation__key`, or whatever it was imported as. */
  readonly localName: (directive: FederationDirective) => string;
  /** Whether a definition of this name only spells out a specification (`federation__FieldSet`, `link__Import`, `_Any` …). */
  readonly isSpecType: (name: string) => boolean;
}

/** Reads the `@link`s on the schema. */
export function readLinks(document: DocumentNode): FederationLinks {
  const meanings = new Map<string, FederationDirective | 'partition'>();
  const localNames = new Map<FederationDirective, string>();
  const specTypes = new Set(['_Any', '_Entity', '_Service', '_FieldSet', 'FieldSet']);
  let namespace: string | undefined;

  const mean = (local: string, directive: FederationDirective) => {
    meanings.set(local, directive);
    localNames.set(directive, local);
  };
  for (const link of linkDirectives(document)) {
    const url = stringArgument(link, 'url') ?? '';
    const as = stringArgument(link, 'as');
    const imports = importsOf(link);
    if (FEDERATION.test(url)) {
      namespace = as ?? 'federation';
      for (const directive of FEDERATION_DIRECTIVES)
        mean(imports.get(`@${directive}`)?.slice(1) ?? `${namespace}__${directive}`, directive);
      for (const [name, local] of imports) if (!name.startsWith('@')) specTypes.add(local);
    } else if (url === PARTITION_URL) {
      meanings.set(imports.get('@partition')?.slice(1) ?? as ?? 'partition', 'partition');
    } else {
      const name = APOLLO_SPEC.exec(url)?.[1];
      const spec = FEDERATION_DIRECTIVES.find((directive) => directive === name);
      if (spec) meanings.set(imports.get(`@${spec}`)?.slice(1) ?? as ?? spec, spec);
    }
  }
  if (namespace === undefined) for (const directive of FEDERATION_DIRECTIVES) mean(directive, directive);
  if (![...meanings.values()].includes('partition')) meanings.set('partition', 'partition');

  return {
    federation2: namespace !== undefined,
    meaning: (local) => meanings.get(local),
    localName: (directive) => localNames.get(directive) ?? directive,
    isSpecType: (name) =>
      specTypes.has(name) || [namespace, 'federation', 'link', 'core'].some((spec) => spec && name.startsWith(`${spec}__`)),
  };
}

/** Every `@link` on the schema definition and its extensions. */
export function linkDirectives(document: DocumentNode): ConstDirectiveNode[] {
  return document.definitions
    .filter((definition) => definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((definition) => definition.directives ?? [])
    .filter((directive) => directive.name.value === 'link');
}

/** The string given as `name`, undefined when it is absent or no string. */
export function stringArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = argumentValue(directive, name);
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function argumentValue(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value;
}

function importsOf(link: ConstDirectiveNode): Map<string, string> {
  const imports = new Map<string, string>();
  const list = argumentValue(link, 'import');
  for (const item of list?.kind === Kind.LIST ? list.values : []) {
    if (item.kind === Kind.STRING) imports.set(item.value, item.value);
    if (item.kind !== Kind.OBJECT) continue;
    const part = (name: string) => {
      const value = item.fields.find((field) => field.name.value === name)?.value;
      return value?.kind === Kind.STRING ? value.value : undefined;
    };
    const name = part('name');
    if (name) imports.set(name, part('as') ?? name);
  }
  return imports;
}
