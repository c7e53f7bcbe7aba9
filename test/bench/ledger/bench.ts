import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '../../../subgraphs/kit/identity/caller.js';
import type { SubgraphEnvironment } from '../../../subgraphs/kit/server/subgraph-environment.js';
import { startAcceptance } from '../../../subgraphs/platform/acceptance/index.js';
import { startSupervision } from '../../../subgraphs/platform/supervision/index.js';
import { askSubgraph, caller, testEnvironment } from '../../support/environment.js';
import { madeUpCase, seedLedger } from './seed-ledger.js';
import { seedSupervision } from './seed-supervision.js';

const CASES = 100_000;
const REQUESTS = 500;
const WARM = 50;
/** Nobody listens there: what is measured is what the stores answer. */
const NOWHERE = { url: 'http://127.0.0.1:9/graphql', subscriptionUrl: 'ws://127.0.0.1:9/graphql' };

interface Question {
  readonly name: string;
  readonly subgraph: 'acceptance' | 'supervision';
  readonly who: Caller;
  readonly query: string;
  readonly variables?: (n: number) => Record<string, unknown>;
}

const OFFICER = caller('officer', 'department:drug');
const MONITOR = caller('monitor', 'monitor');

const QUESTIONS: readonly Question[] = [
  {
    name: "inbox page: a department's cases, what is due first first",
    subgraph: 'acceptance',
    who: OFFICER,
    query: '{ inbox(first: 20) { nodes { dueAt case { number stage } } pageInfo { endCursor } } inboxCounts { total } }',
  },
  {
    name: "inbox page: monitors' alerts in hand, the gravest first",
    subgraph: 'supervision',
    who: MONITOR,
    query: '{ alerts(filter: {inHand: true}, first: 20) { nodes { rule level dueAt caseNumber } } alertCounts { level count } }',
  },
  {
    name: 'filtered list: open cases of an item',
    subgraph: 'acceptance',
    who: MONITOR,
    query:
      'query ($item: ID) { cases(filter: {departmentCode: "drug", itemCode: $item, open: true}, first: 20) { nodes { number stage } } }',
    variables: (n) => ({ item: `item-${(n * 6) % 30}` }),
  },
  {
    name: 'filtered list: red alerts of a department',
    subgraph: 'supervision',
    who: MONITOR,
    query: '{ alerts(filter: {departmentCode: "drug", level: RED, inHand: true}, first: 20) { nodes { rule caseNumber } } }',
  },
  {
    name: 'case by number',
    subgraph: 'acceptance',
    who: MONITOR,
    query: 'query ($number: ID!) { case(number: $number) { number stage acceptedAt promisedDueAt } }',
    variables: (n) => ({ number: madeUpCase((n * 7_919) % CASES, CASES).number }),
  },
  {
    name: 'dashboard: a month by department',
    subgraph: 'supervision',
    who: MONITOR,
    query:
      '{ caseFigures(input: {from: "2026-03-01", to: "2026-03-31", groupBy: [DEPARTMENT]}) { rows { departmentCode accepted onTimeRate meanWorkingDays } today { inHand } } }',
  },
  {
    name: 'dashboard: a year by month and item, of one department',
    subgraph: 'supervision',
    who: OFFICER,
    query:
      '{ caseFigures(input: {from: "2026-01-01", to: "2026-12-31", groupBy: [ITEM, MONTH]}) { rows { itemCode period decided onTimeRate } total { accepted } } }',
  },
];

/**
 * How long a ledger and a supervision of 100,000 cases take to answer what people ask all day, over HTTP, one request after
 * the other. `-- ledger mariadb://root@127.0.0.1:3306` measures another store than the embedded one.
 */
export async function benchLedger([storeUrl]: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'acceptance-bench-'));
  const environment = await testEnvironment(storeUrl ?? `file:${folder}`);
  await using acceptance = await startAcceptance(environment, { catalog: NOWHERE });
  // cases of last spring are due: looking at them all is not what is measured
  await using supervision = await startSupervision(
    { ...environment, clock: () => new Date('2026-01-05T00:00:00Z') },
    { acceptance: NOWHERE, catalog: NOWHERE },
  );
  const began = performance.now();
  await seedLedger(acceptance.store, CASES);
  await seedSupervision(supervision.store, CASES);
  console.log(
    `${CASES} cases, ${storeUrl === undefined ? 'node:sqlite' : new URL(storeUrl).protocol} (${Math.round((performance.now() - began) / 1000)} s to fill); ${REQUESTS} requests each\n`,
  );
  console.log(`${'p50 ms'.padStart(8)}${'p99 ms'.padStart(9)}`);
  for (const question of QUESTIONS) {
    const times = await timesOf(environment, question.subgraph === 'acceptance' ? acceptance : supervision, question);
    const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
    console.log(`${at(0.5).padStart(8)}${at(0.99).padStart(9)}   ${question.name}`);
  }
  await rm(folder, { recursive: true });
}

async function timesOf(environment: SubgraphEnvironment, subgraph: { name: string; url: string }, question: Question): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < WARM + REQUESTS; n++) {
    const started = performance.now();
    const { data, errors } = await askSubgraph(environment, subgraph, question.who, question.query, question.variables?.(n));
    if (n >= WARM) times.push(performance.now() - started);
    if (errors !== undefined || data == null) throw new Error(`${question.name}: ${JSON.stringify(errors)}`);
  }
  return times.sort((a, b) => a - b);
}
