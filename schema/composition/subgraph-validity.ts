import { buildSubgraph, errorCauses } from '@apollo/federation-internals';
import {
  type DocumentNode,
  GraphQLError,
  LoneSchemaDefinitionRule,
  UniqueArgumentDefinitionNamesRule,
  UniqueDirectiveNamesRule,
  UniqueEnumValueNamesRule,
  UniqueFieldDefinitionNamesRule,
  UniqueTypeNamesRule,
} from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';
import type { ContractProblem } from './contract-problem.js';

/** What federation finds too, but without saying where. */
const UNIQUE = [
  LoneSchemaDefinitionRule,
  UniqueTypeNamesRule,
  UniqueFieldDefinitionNamesRule,
  UniqueArgumentDefinitionNamesRule,
  UniqueEnumValueNamesRule,
  UniqueDirectiveNamesRule,
];

/** Whether `document` is a valid Federation subgraph by itself: every fault composition would find in it alone. */
export function validityProblems(name: string, document: DocumentNode): ContractProblem[] {
  const repeated = validateSDL(document, null, UNIQUE);
  return (repeated.length > 0 ? repeated : federationFaults(name, document)).map((error): ContractProblem => {
    const place = error instanceof GraphQLError ? error.locations?.[0] : undefined;
    return { code: 'INVALID_SCHEMA', message: withoutSubgraph(name, error.message), ...place };
  });
}

function federationFaults(name: string, document: DocumentNode): readonly Error[] {
  try {
    buildSubgraph(name, '', document).validate();
    return [];
  } catch (error) {
    return error instanceof Error ? (errorCauses(error) ?? [error]) : [new Error(String(error))];
  }
}

/** Federation begins its messages with `[subgraph] `, which a reader of one department's problems does not need. */
export function withoutSubgraph(name: string, message: string): string {
  return message.startsWith(`[${name}] `) ? message.slice(name.length + 3) : message;
}
