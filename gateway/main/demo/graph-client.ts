/** An answer that carried errors, told by their codes: messages stay out, since a log would keep them. */
export class GraphAnswerError extends Error {
  override readonly name = 'GraphAnswerError';
  constructor(
    readonly operation: string,
    readonly codes: readonly string[],
  ) {
    super(`${operation}: ${codes.join(', ')}`);
  }
}

/** One person in front of the graph. */
export class GraphClient {
  constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  /** @throws GraphAnswerError when the answer has errors. */
  async ask<T>(operation: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: T; errors?: { extensions?: { code?: string } }[] };
    if (errors !== undefined || data === undefined)
      throw new GraphAnswerError(
        operation,
        (errors ?? []).map(({ extensions }) => extensions?.code ?? 'UNKNOWN'),
      );
    return data;
  }
}
