/** The graph answered with errors, or not at all. */
export class GraphRefusal extends Error {
  override readonly name = 'GraphRefusal';

  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}
