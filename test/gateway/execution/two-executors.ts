import { parse } from 'graphql';
import { expect } from 'vitest';
import { InProcessGraph, type InProcessSubgraph } from './in-process-graph.js';

export const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@interfaceObject", "@override", "@composeDirective"])';
export const plain = (value: unknown): any => JSON.parse(JSON.stringify(value));

export function graphOf(...subgraphs: InProcessSubgraph[]): InProcessGraph {
  return new InProcessGraph(subgraphs.map((subgraph) => ({ ...subgraph, sdl: `${LINK}\n${subgraph.sdl}` })));
}

/** Both answers. Where they should be the same, that is checked here. */
export async function both(
  graph: InProcessGraph,
  text: string,
  variables: Record<string, unknown> = {},
): Promise<{ ours: any; theirs: any }> {
  const ours = plain(await graph.run(parse(text), variables));
  const theirs = plain(await graph.oracle(parse(text), variables));
  return { ours, theirs };
}

export async function same(graph: InProcessGraph, text: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { ours, theirs } = await both(graph, text, variables);
  expect(ours.data).toEqual(theirs.data);
  expect((ours.errors ?? []).map(({ path }: any) => path)).toEqual((theirs.errors ?? []).map(({ path }: any) => path));
  return ours;
}
