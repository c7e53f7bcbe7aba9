import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { callSubgraph } from '../../subgraphs/kit/server/call-subgraph.js';
import { compare, everything } from '../live/checker.js';
import type { ProgressWatcher } from '../live/watcher.js';
import { received } from '../support/case-work.js';
import type { Province } from '../topology/province.js';
import type { SteadyLoad } from './steady-load.js';

export interface Verdict {
  readonly accepted: number;
  readonly events: number;
}

interface DepartmentCaseEvent {
  readonly id: string;
  readonly cursor: string;
  readonly kind: string;
  readonly caseNumber: string;
}

/**
 * Once the load has ended: every acknowledged case is in the ledger and has reached its department, the ledger's events
 * are the departments', and every watcher has seen those it asked for, once and in order.
 * @throws Error that says what is lost, repeated or out of order
 */
export async function judge(
  { graph, topology, departments }: Province,
  load: Pick<SteadyLoad, 'accepted'>,
  watchers: readonly ProgressWatcher[],
): Promise<Verdict> {
  for (const { number } of load.accepted) await received(graph, number);
  const truth = await everything(graph, watchers);
  for (const watcher of watchers) compare(watcher, truth);

  const tokens = await createInternalTokens(await loadInternalKeys(join(topology.directory, 'keys', 'internal.json')));
  for (const code of departments) {
    const own: DepartmentCaseEvent[] = [];
    for (;;) {
      const requestId = randomUUID();
      const { caseEventPage } = await callSubgraph<{ caseEventPage: DepartmentCaseEvent[] }>({
        url: topology.addresses(code),
        authorization: await tokens.authorization(code, { subject: 'platform:checker', roles: ['platform'], requestId }),
        query:
          'query ($d: ID!, $after: Cursor) { caseEventPage(departmentCode: $d, after: $after, first: 100) { id cursor kind caseNumber } }',
        variables: { d: code, after: own.at(-1)?.cursor ?? null },
        requestId,
      });
      if (caseEventPage.length === 0) break;
      own.push(...caseEventPage);
    }
    const ledger = truth.filter(({ departmentCode, kind }) => departmentCode === code && kind !== 'ACCEPTED').map(({ kind }) => kind);
    const department = own.map(({ kind }) => kind);
    if (ledger.join() !== department.join())
      throw new Error(`${code} has told of ${department.length} events and the ledger has ${ledger.length}, or others`);
  }
  return { accepted: load.accepted.length, events: truth.length };
}
