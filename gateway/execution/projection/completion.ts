import { GraphQLError } from 'graphql';

/** A null whose reason is in the errors already, or needs none. */
export const REPORTED = Symbol('null, reported');
/** A null that the parent may not hold: it becomes null itself. */
export const BUBBLE = Symbol('null of the parent');

/** What one pass over the data carries along. */
export class Completion {
  readonly errors: GraphQLError[] = [];
  /** The place the pass is at. */
  readonly path: Array<string | number> = [];

  report(message: string): void {
    this.errors.push(new GraphQLError(message, { path: [...this.path], extensions: { code: 'INVALID_GRAPHQL' } }));
  }
}

/** Shapes one value of one type. `parent` names the object type it was found on, for messages. */
export type Completer = (value: unknown, completion: Completion, parent: string) => unknown;
