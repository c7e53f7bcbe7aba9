import { createHash } from 'node:crypto';
import { type DirectiveNode, Kind, parse } from 'graphql';
import type { DepartmentRoute, SupergraphDocument } from '../../../schema/composition/supergraph-document.js';

/** A subgraph's place in the supergraph. */
export interface Address {
  readonly url: string;
  readonly subscriptionUrl: string;
}

/** A supergraph without its version. */
export type SupergraphContent = Omit<SupergraphDocument, 'version'>;

/**
 * The same supergraph at other addresses; a subgraph without a new one keeps its own. It is what composing again would
 * give, at a hundredth of the time: of a subgraph's address nothing but `join__Graph` and the routes depends.
 */
export function atAddresses({ sdl, departments }: SupergraphContent, addresses: ReadonlyMap<string, Address>): SupergraphContent {
  const routes = departments.map((route): DepartmentRoute => {
    const { url, subscriptionUrl } = addresses.get(route.code) ?? route;
    return { ...route, url, subscriptionUrl };
  });
  return { sdl: withGraphUrls(sdl, addresses), departments: routes };
}

/** Opaque to everybody: the same for the same content, whichever way it came about. */
export function versionOf({ sdl, departments }: SupergraphContent): string {
  const routes = departments.map(({ code, url, subscriptionUrl, extension }) => [code, url, subscriptionUrl, extension]);
  return createHash('sha256')
    .update(JSON.stringify([sdl, routes]))
    .digest('hex')
    .slice(0, 16);
}

/** Found by the parser, not by pattern: a description may contain anything. */
function withGraphUrls(sdl: string, addresses: ReadonlyMap<string, Address>): string {
  const edits: { start: number; end: number; text: string }[] = [];
  for (const definition of parse(sdl).definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { directives = [] } of definition.values ?? []) {
      const graph = directives.find(({ name }) => name.value === 'join__graph');
      const address = graph && addresses.get(argument(graph, 'name')?.value ?? '');
      const old = graph && argument(graph, 'url');
      if (address && old?.loc) edits.push({ start: old.loc.start, end: old.loc.end, text: JSON.stringify(address.url) });
    }
  }
  let text = '';
  let from = 0;
  for (const { start, end, text: replacement } of edits) {
    text += sdl.slice(from, start) + replacement;
    from = end;
  }
  return text + sdl.slice(from);
}

function argument(directive: DirectiveNode, name: string) {
  const value = directive.arguments?.find((given) => given.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value : undefined;
}
