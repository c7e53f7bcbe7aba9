import { buildSchema, type GraphQLSchema } from 'graphql';
import type { SubgraphFetcher } from '../../../../gateway/execution/subgraph-fetch.js';
import { answer, InProcessGraph } from '../in-process-graph.js';
import { addResolversToSchema } from './add-resolvers.js';
import { generateModel } from './model.js';
import { monolithSdl, subgraphName, subgraphSdl } from './sdl.js';
import { type Faults, strikes, World } from './world.js';

/** A random graph three ways: as subgraphs, as one schema, and as one schema that never stops at a null. */
export class GeneratedGraph {
  readonly graph: InProcessGraph;
  readonly monolith: GraphQLSchema;
  readonly witness: GraphQLSchema;

  private constructor(graph: InProcessGraph, monolith: GraphQLSchema, witness: GraphQLSchema) {
    this.graph = graph;
    this.monolith = monolith;
    this.witness = witness;
  }

  /** The first graph from this seed on that composes: some generated ones break a rule of federation. */
  static from(seed: number): GeneratedGraph {
    let problem: unknown;
    for (let attempt = 0; attempt < 40; attempt++) {
      try {
        return GeneratedGraph.#build(seed * 1_000 + attempt);
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  }

  static #build(seed: number): GeneratedGraph {
    const model = generateModel(seed);
    const world = new World(model, seed);
    const subgraphs = Array.from({ length: model.subgraphs }, (_, index) => {
      const sdl = subgraphSdl(model, index);
      return { name: subgraphName(index), sdl, resolvers: world.resolvers(subgraphName(index), typesIn(sdl)) };
    });
    const graph = new InProcessGraph(subgraphs);
    const whole = (nullable: boolean) => {
      const sdl = monolithSdl(model, nullable);
      return addResolversToSchema(buildSchema(sdl), world.resolvers(undefined, typesIn(sdl)));
    };
    return new GeneratedGraph(graph, whole(false), whole(true));
  }

  /** Subgraphs in which these faults happen. */
  fetcher(faults: Faults): SubgraphFetcher<unknown> {
    return (fetch) => {
      const schema = this.graph.schemas.get(fetch.target.subgraph) as GraphQLSchema;
      if (strikes(faults.outages, faults, fetch.target.subgraph)) return Promise.reject(new Error('connect ECONNREFUSED http://10.0.0.1'));
      return answer(schema, fetch, faults);
    };
  }
}

const typesIn = (sdl: string): Set<string> => new Set(Array.from(sdl.matchAll(/^type (\w+)/gm), ([, name]) => name ?? ''));
