import { parseArgs } from 'node:util';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Command, UsageError } from './command.js';

const QUERY = /* GraphQL */ `
  subscription Watch($after: Cursor, $departmentCode: ID, $caseNumber: ID) {
    caseProgress(after: $after, departmentCode: $departmentCode, caseNumber: $caseNumber) {
      cursor
      occurredAt
      kind
      case { number stage item { name } }
    }
  }
`;

interface Progress {
  cursor: string;
  occurredAt: string;
  kind: string;
  case: { number: string; stage: string; item: { name: string | null } | null } | null;
}

export const watchCommand: Command = {
  name: 'watch',
  summary: 'prints the progress of cases as it happens',
  usage: 'watch --url <ws://…/graphql> --token <token> [--after <cursor>] [--department <code>] [--case <number>] [--json]',
  help: `Runs until Ctrl-C. The last cursor is printed at the end; --after goes on from it, without a gap or a repeat.

  npx acceptance watch --url ws://127.0.0.1:4000/graphql --token "$TOKEN" --department transport`,
  async run(args) {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { url: text, token: text, after: text, department: text, case: text, json: { type: 'boolean', default: false } },
    });
    if (values.url === undefined || values.token === undefined) throw new UsageError('give --url and --token; npm start prints both');
    const client = createClient({
      url: values.url,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${values.token}` },
      retryAttempts: 0,
    });
    const events = client.iterate<{ caseProgress: Progress }>({
      query: QUERY,
      variables: { after: values.after ?? null, departmentCode: values.department ?? null, caseNumber: values.case ?? null },
    });
    process.once('SIGINT', () => void events.return?.());
    let last = values.after;
    try {
      for await (const { data, errors } of events) {
        for (const { message } of errors ?? []) console.error(message);
        const progress = data?.caseProgress;
        if (progress == null) continue;
        last = progress.cursor;
        const { occurredAt, kind, case: about } = progress;
        console.log(
          values.json ? JSON.stringify(progress) : `${occurredAt}  ${about?.number ?? '?'}  ${kind.padEnd(26)} ${about?.item?.name ?? ''}`,
        );
      }
    } catch (error) {
      console.error(`acceptance: ${reasonOf(error)}`);
      return 1;
    } finally {
      await client.dispose();
      if (last !== undefined && !values.json) console.log(`--after ${last}`);
    }
    return 0;
  },
};

/** graphql-ws rejects with GraphQL errors, with a close event, or with an Error. */
function reasonOf(error: unknown): string {
  if (Array.isArray(error)) return error.map((one: { message: string }) => one.message).join('; ');
  if (typeof error === 'object' && error !== null && 'code' in error && 'reason' in error)
    return `the connection closed: ${String(error.code)} ${String(error.reason)}`;
  return error instanceof Error ? error.message : 'the connection failed';
}
