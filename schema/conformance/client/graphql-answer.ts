import { Unmet } from '../unmet.js';
import type { HttpAnswer } from './http-post.js';

export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A GraphQL answer as it came, its shape checked as far as it is read. */
export interface GraphQLAnswer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly errors: readonly AnsweredError[];
}

/** @throws Unmet when the body is no GraphQL answer. */
export function graphqlAnswer(answer: HttpAnswer): GraphQLAnswer {
  const { status } = answer;
  const body = jsonObject(answer);
  const { data, errors } = body as { data?: unknown; errors?: unknown };
  if (data === undefined && errors === undefined) throw new Unmet('the answer has neither data nor errors', { found: answer.text });
  return {
    status,
    data: typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined,
    errors: errors === undefined ? [] : errorList(errors),
  };
}

/** @throws Unmet when the body is not a JSON object: HTML, a plain text, a list. */
export function jsonObject({ status, contentType, text }: HttpAnswer): object {
  const html = contentType === 'text/html' || /^\s*<(!doctype|html)/i.test(text);
  if (html) throw new Unmet(`the answer is an HTML page (HTTP ${status}), not JSON`, { expected: 'application/json', found: 'text/html' });
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  } catch {
    // told below, with what was found instead
  }
  throw new Unmet(`the answer is no JSON object (HTTP ${status}, ${contentType || 'no content type'})`, {
    expected: 'a JSON object with data or errors',
    found: text === '' ? 'an empty body' : text,
  });
}

/** @throws Unmet unless it is a non-empty list of errors that each have a message. */
export function errorList(errors: unknown): AnsweredError[] {
  const wellFormed =
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every((error: unknown) => typeof error === 'object' && error !== null && typeof (error as AnsweredError).message === 'string');
  if (!wellFormed) throw new Unmet('`errors` is no list of errors with messages', { expected: '[{"message": "…"}]', found: errors });
  return errors as AnsweredError[];
}
