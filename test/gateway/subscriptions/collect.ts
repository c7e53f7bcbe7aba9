import type { Client } from 'graphql-ws';

/** Collects what a subscription gives, and lets a test wait for it. */
export function collect(client: Pick<Client, 'subscribe'>, query: string, variables?: Record<string, unknown>) {
  const results: any[] = [];
  let ended: { errors?: any; complete?: true } | undefined;
  const unsubscribe = client.subscribe(
    { query, ...(variables && { variables }) },
    {
      next: (result) => void results.push(result),
      error: (errors) => {
        ended = { errors };
      },
      complete: () => {
        ended ??= { complete: true };
      },
    },
  );
  return {
    results,
    unsubscribe,
    cursors: () => results.filter(({ data }) => data !== null).map(({ data }) => data.caseEvents.cursor),
    get ended() {
      return ended;
    },
  };
}

export const metricsOf = async ({ origin }: { origin: string }) =>
  (await (await fetch(`${origin}/metrics`)).text())
    .split('\n')
    .filter((line) => line.startsWith('acceptance_live'))
    .join('\n');
export const cursorsUpTo = (count: number) => Array.from({ length: count }, (_, i) => `c${i + 1}`);
