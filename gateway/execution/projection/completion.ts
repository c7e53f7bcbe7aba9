import { GraphQLError } from 'graphql';

/** A null whose reason is in the errors already, or needs none. */
export const REPORTED = Symbol('null, reported');
/** A null that the parent may not hold: it becomes null itself. */
export const BUBBLE = Symbol('null of the parent');

/** What one pass over the data carries along. */
export class Completion {
  readonly errors: GraphQLError[] = [];
  /** The place the pass is at; only where it is `tracked`. */
  readonly path: Array<string | number> = [];
  /** Most data is without fault: the first pass only finds out whether it is, a second one where it is not. */
  readonly tracked: boolean;
  faulty = false;
  readonly #done: Map<object, Map<object, unknown>> | undefined;

  /** @param shared whether objects of the data are at several places, and each is to be shaped once. */
  constructor(tracked: boolean, shared: boolean) {
    this.tracked = tracked;
    this.#done = shared && !tracked ? new Map() : undefined;
  }

  report(message: () => string): void {
    this.faulty = true;
    if (this.tracked) this.errors.push(new GraphQLError(message(), { path: [...this.path], extensions: { code: 'INVALID_GRAPHQL' } }));
  }

  /** What has been made by `shape`, by what it was made of; undefined where nothing is shared. */
  doneBy(shape: object): Map<object, unknown> | undefined {
    if (this.#done === undefined) return undefined;
    let done = this.#done.get(shape);
    if (done === undefined) this.#done.set(shape, (done = new Map()));
    return done;
  }
}

/** Shapes one value of one type. `parent` names the object type it was found on, for messages. */
export type Completer = (value: unknown, completion: Completion, parent: string) => unknown;
