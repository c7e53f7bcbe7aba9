import { DriverException } from '@mikro-orm/core';
import { GraphQLError } from 'graphql';

/** An error as it may be logged. */
export interface LoggableError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: LoggableError;
}

/**
 * What of an error may go to the log: its kind, code, message and where it came from. A database's error repeats the
 * statement and the values in it, a GraphQL error the document, and both may name people, so those stay out.
 */
export function loggableError(error: unknown): LoggableError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no error was thrown' };
  const cause = error instanceof GraphQLError ? error.originalError : error.cause;
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: speaksOfValues(error) ? 'withheld: it may repeat values' : error.message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.stack !== undefined && { stack: frames(error.stack) }),
    ...(cause != null && cause !== error && { cause: loggableError(cause) }),
  };
}

/** The message of a wrapped error is its wrapper's, too. */
function speaksOfValues(error: Error): boolean {
  for (let at: unknown = error; at instanceof Error; at = at instanceof GraphQLError ? at.originalError : undefined) {
    if (at instanceof DriverException || 'sql' in at || 'sqlMessage' in at) return true;
  }
  return false;
}

/** A stack begins with the message. */
function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
