/** An answer that carried errors. */
export class GraphAnswerError extends Error {
  override readonly name = 'GraphAnswerError';
  constructor(
    readonly operation: string,
    readonly errors: readonly { message: string; code: string }[],
  ) {
    super(`${operation}: ${errors.map(({ message, code }) => `${code} (${message})`).join('; ')}`);
  }

  get codes(): string[] {
    return this.errors.map(({ code }) => code);
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
    const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string; extensions?: { code?: string } }[] };
    if (errors !== undefined || data === undefined)
      throw new GraphAnswerError(
        operation,
        (errors ?? []).map(({ message, extensions }) => ({ message, code: extensions?.code ?? 'UNKNOWN' })),
      );
    return data;
  }
}
