import { type ComposedSupergraph, composeSupergraph } from './compose.js';

/** One server whose SDL goes into the committed supergraph. */
export interface CommittedSource {
  /** The platform subgraph's name or the department's code; it is also the host in the committed file's URLs. */
  readonly name: string;
  readonly kind: 'platform' | 'department';
  /** Its subgraph SDL, built from its code without starting it. */
  sdl(): string | Promise<string>;
}

/** Composes what `schema/supergraph.graphql` holds: the given sources, at URLs that only name them. */
export async function committedSupergraph(sources: readonly CommittedSource[]): Promise<ComposedSupergraph> {
  const read = await Promise.all(
    sources.map(async (source) => {
      const { name, kind } = source;
      return { name, kind, sdl: await source.sdl(), url: `http://${name}.acceptance.internal/graphql` };
    }),
  );
  return composeSupergraph({
    platform: read.filter(({ kind }) => kind === 'platform'),
    departments: read
      .filter(({ kind }) => kind === 'department')
      .map(({ name, url, sdl }) => ({ code: name, url, subscriptionUrl: url.replace('http:', 'ws:'), sdl })),
  });
}
