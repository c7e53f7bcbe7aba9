import { buildSubgraph, errorCauses } from '@apollo/federation-internals';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { ContractProblem } from './contract-problem.js';

/** Whether `document` is a valid Federation subgraph by itself: every fault composition would find in it alone. */
export function validityProblems(name: string, document: DocumentNode): ContractProblem[] {
  try {
    buildSubgraph(name, '', document).validate();
    return [];
  } catch (error) {
    const causes = error instanceof Error ? (errorCauses(error) ?? [error]) : [];
    return causes.map((cause): ContractProblem => {
      const place = cause instanceof GraphQLError ? cause.locations?.[0] : undefined;
      return { code: 'INVALID_SCHEMA', message: withoutSubgraph(name, cause.message), ...place };
    });
  }
}

/** Federation begins its messages with `[subgraph] `, which a reader of one department's problems does not need. */
export function withoutSubgraph(name: string, message: string): string {
  return message.startsWith(`[${name}] `) ? message.slice(name.length + 3) : message;
}
