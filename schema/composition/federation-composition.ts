import { composeServices } from '@apollo/composition';
import type { ServiceDefinition } from '@apollo/federation-internals';
import { GraphQLError } from 'graphql';
import { CompositionFailed, type CompositionProblem } from './composition-failed.js';
import { withoutSubgraph } from './subgraph-validity.js';

/**
 * Composes subgraphs as they are.
 *
 * @param codes the departments among them, so that a fault is told to the one it concerns.
 * @throws CompositionFailed
 */
export function composeFederation(services: ServiceDefinition[], codes: ReadonlySet<string>): { sdl: string; hints: string[] } {
  const result = attempt(services);
  if (result.errors) {
    throw new CompositionFailed(result.errors.map((error) => told(error, codes)));
  }
  return { sdl: result.supergraphSdl, hints: result.hints.map((hint) => hint.toString()).sort() };
}

function attempt(services: ServiceDefinition[]): ReturnType<typeof composeServices> {
  try {
    return composeServices(services);
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError(error instanceof Error ? error.message : String(error))] };
  }
}

/** The error told to the department it concerns: the one it is about, or the only one that it mentions. */
function told(error: GraphQLError, codes: ReadonlySet<string>): CompositionProblem {
  const about = subgraphOf(error);
  const message = about === undefined ? error.message : withoutSubgraph(about, error.message);
  if (about !== undefined && codes.has(about)) return { department: about, message };
  const mentioned = new Set([...message.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name).filter((name) => codes.has(name)));
  const [department] = mentioned;
  if (department !== undefined && mentioned.size === 1) return { department, message };
  return { message: about ? `${about}: ${message}` : message };
}

/** The one subgraph an error is about: named in brackets at its start, or the only one its nodes come from. */
function subgraphOf(error: GraphQLError): string | undefined {
  const named = /^\[([^\]]+)\] /.exec(error.message)?.[1];
  if (named) return named;
  const subgraphs = new Set((error.nodes ?? []).map((node) => ('subgraph' in node ? String(node.subgraph) : '')));
  return subgraphs.size === 1 ? [...subgraphs].find(Boolean) : undefined;
}
