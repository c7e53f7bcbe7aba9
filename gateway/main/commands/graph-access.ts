import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings } from '../../config/read-settings.js';
import { createDemoIssuer } from '../../security/demo-issuer.js';
import { UsageError } from './command.js';
import { GraphRefusal } from './graph-refusal.js';

/** Where commands find the graph, and who they are there. */
export interface GraphOptions {
  readonly graph?: string | undefined;
  readonly token?: string | undefined;
}

export const GRAPH_OPTIONS = { graph: { type: 'string' }, token: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
export const GRAPH_HELP = `--graph is the gateway (or ACCEPTANCE_GRAPH; http://127.0.0.1:4000/graphql), --token the credential (or ACCEPTANCE_TOKEN).
Without a token, the demonstration's issuer under DATA_DIR makes one, where it is.`;

/** @throws UsageError */
export function graphUrl({ graph }: Pick<GraphOptions, 'graph'>): string {
  const url = graph ?? readSettings(process.env, 'commands').commands.graphUrl;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new UsageError('--graph is an http:// or https:// address');
  return url;
}

/** Asks the graph as `role`. @throws GraphRefusal; UsageError without a credential. */
export async function askGraph<T>(
  { graph, token }: GraphOptions,
  role: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  const url = graphUrl({ graph });
  const credential = token ?? readSettings(process.env, 'commands').commands.token ?? (await demoToken(role));
  let answer: { data?: T; errors?: { message: string; extensions?: { code?: string } }[] };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${credential}`,
        'apollographql-client-name': 'acceptance command line',
      },
      body: JSON.stringify({ query, variables }),
      redirect: 'error',
    });
    answer = (await response.json()) as typeof answer;
  } catch {
    throw new GraphRefusal(`nothing answers as a graph at ${url}; is the gateway running there? (--graph)`, 'UNREACHABLE');
  }
  const [error] = answer.errors ?? [];
  if (error !== undefined) throw new GraphRefusal(error.message, error.extensions?.code ?? 'UNKNOWN');
  if (answer.data == null) throw new GraphRefusal('the graph gave no data', 'UNKNOWN');
  return answer.data;
}

async function demoToken(role: string): Promise<string> {
  const file = join(readSettings(process.env, 'commands').subgraphs.dataDir, 'keys', 'demo-issuer.json');
  try {
    await access(file);
  } catch {
    throw new UsageError(`give --token, or set ACCEPTANCE_TOKEN: a credential with the role ${role}`);
  }
  return (await createDemoIssuer(file)).issue(`cli-${role.replace(':', '-')}`, [role]);
}
