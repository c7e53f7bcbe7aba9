import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, type InternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { callSubgraph } from '../../subgraphs/kit/server/call-subgraph.js';
import { Random } from '../gateway/execution/differential/random.js';
import { type OfferedItem, offeredItems, openCase } from '../support/case-work.js';
import { eventually, Graph } from '../support/graph.js';
import { Topology } from '../support/processes.js';
import { type Interest, ProgressWatcher, type SeenEvent } from './watcher.js';

export interface CheckerOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly print: (line: string) => void;
}

export interface CheckerReport {
  readonly events: number;
  readonly watchers: number;
  readonly returns: number;
  readonly actions: Readonly<Record<string, number>>;
}

const DEPARTMENTS = ['drug', 'housing'];

export const INTERESTS: readonly Interest[] = [
  { name: 'everything', role: 'window', filter: {}, wants: () => true },
  { name: 'everything, as a monitor', role: 'monitor', filter: {}, wants: () => true },
  {
    name: 'one department',
    role: 'monitor',
    filter: { departmentCodes: ['drug'] },
    wants: ({ departmentCode }) => departmentCode === 'drug',
  },
  { name: 'an officer', role: 'department:housing', filter: {}, wants: ({ departmentCode }) => departmentCode === 'housing' },
  { name: 'one kind', role: 'window', filter: { kinds: ['RECEIVED'] }, wants: ({ kind }) => kind === 'RECEIVED' },
  { name: 'my cases', role: 'applicant', filter: { mine: true }, wants: () => true },
];

/**
 * The whole system as processes, with people who watch it while cases are worked on and its parts are killed, stopped,
 * restarted and given new schemas at random. In the end every watcher must have seen exactly the events it asked for, once
 * each and in order. The seed decides what is done and in which order.
 * @throws Error that names the watcher and the first event that is wrong.
 */
export async function runChecker({ seed, seconds, print }: CheckerOptions): Promise<CheckerReport> {
  print(`seed ${seed}, ${seconds} s`);
  await using stack = new AsyncDisposableStack();
  const topology = stack.use(await Topology.start(DEPARTMENTS));
  const graph = await Graph.open(() => topology.part('gateway').url, topology.directory);
  const items = await offeredItems(graph, DEPARTMENTS);
  const tokens = await createInternalTokens(await loadInternalKeys(join(topology.directory, 'keys', 'internal.json')));
  const watchers = INTERESTS.flatMap((interest) => [
    stack.use(new ProgressWatcher(graph, interest, 'websocket')),
    stack.use(new ProgressWatcher(graph, interest, 'sse')),
  ]);

  const random = new Random(seed);
  const over = Date.now() + seconds * 1_000;
  const emitting = emit(graph, items, () => Date.now() < over);
  const actions: Record<string, number> = {};
  let swaps = 0;
  while (Date.now() < over) {
    const action = random.pick([
      'kill gateway',
      'kill acceptance',
      'kill drug',
      'stop acceptance',
      'swap',
      'swap',
      'drop',
      'drop',
      'read slowly',
    ]);
    actions[action] = (actions[action] ?? 0) + 1;
    const who = random.pick(watchers);
    const pause = 300 + random.next() * 1_200;
    print(`${action}${action === 'drop' || action === 'read slowly' ? ` (${who.interest.name})` : ''}`);
    switch (action) {
      case 'kill gateway':
        await topology.part('gateway').kill();
        await topology.gateway();
        break;
      case 'kill acceptance':
      case 'kill drug':
        await topology.part(action.slice('kill '.length)).kill();
        await topology.subgraph(action.slice('kill '.length));
        break;
      case 'stop acceptance':
        topology.part('acceptance').signal('SIGSTOP');
        await delay(pause);
        topology.part('acceptance').signal('SIGCONT');
        break;
      case 'swap':
        await publishSchema(topology, tokens, ++swaps);
        break;
      case 'drop':
        who.drop();
        break;
      case 'read slowly':
        who.pause();
        setTimeout(() => who.resume(), pause);
        break;
    }
    await delay(pause);
  }
  await emitting;
  for (const watcher of watchers) watcher.resume();

  const truth = await everything(graph, watchers);
  for (const watcher of watchers) compare(watcher, truth);
  return { events: truth.length, watchers: watchers.length, returns: watchers.reduce((sum, { returns }) => sum + returns, 0), actions };
}

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Hands in and accepts cases, one after another. What fails because something is down is handed in anew. */
async function emit(graph: Graph, items: readonly OfferedItem[], goesOn: () => boolean): Promise<void> {
  for (let n = 1; goesOn(); n++) {
    const item = items.find(({ departmentCode }) => departmentCode === DEPARTMENTS[n % DEPARTMENTS.length]) as OfferedItem;
    await Promise.race([openCase(graph, item, n % 900).catch(() => {}), delay(3_000)]);
  }
}

/** Makes the registry publish another supergraph. */
async function publishSchema(topology: Topology, tokens: InternalTokens, version: number): Promise<void> {
  const link = '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
  const sdl = `extend schema ${link}\ntype Query { swapped${version}: Int }`;
  const url = 'http://127.0.0.1:9/graphql';
  await callSubgraph({
    url: topology.part('registry').url,
    authorization: await tokens.authorization('registry', { subject: 'platform:checker', roles: ['platform'], requestId: randomUUID() }),
    query: 'mutation ($input: RegisterPlatformInput!) { registerPlatform(input: $input) { supergraphVersion } }',
    variables: { input: { name: 'checker', url, subscriptionUrl: url.replace('http', 'ws'), sdl } },
    requestId: randomUUID(),
  });
}

/**
 * All events there are, once no more come and every watcher has the last that is for it; what is missing before it is found
 * by comparing. They are read in one go, by somebody whose connection nobody touches.
 */
export async function everything(graph: Graph, watchers: readonly ProgressWatcher[]): Promise<readonly SeenEvent[]> {
  const end = () => graph.data('window', '{ caseProgressCursor }').then((data) => data['caseProgressCursor'] as string);
  await using all = new ProgressWatcher(graph, INTERESTS[0] as Interest, 'websocket');
  let last = '';
  for (;;) {
    // what departments were still to be told has been, when the feed's end stands still
    await eventually(
      async () => {
        const now = await end().catch(() => '');
        const still = now !== '' && now === last && all.seen.at(-1)?.cursor === now;
        last = now;
        await delay(500);
        return still ? now : undefined;
      },
      'the ledger comes to rest and all of it is read',
      120_000,
    );
    await Promise.all(watchers.map((watcher) => settled(watcher, all.seen)));
    if ((await end()) === last && all.seen.at(-1)?.cursor === last) return [...all.seen];
  }
}

/** Waits until a watcher has the last event that is for it. */
async function settled({ seen, interest }: ProgressWatcher, truth: readonly SeenEvent[]): Promise<void> {
  const there = async () => {
    const last = truth.findLast(interest.wants);
    return last === undefined || seen.at(-1)?.id === last.id ? true : undefined;
  };
  await eventually(there, `${interest.name} has the last event`, 60_000);
}

/** @throws Error that names the watcher and the first event that is missing, repeated or out of order. */
export function compare({ seen, interest, protocol }: ProgressWatcher, truth: readonly SeenEvent[]): void {
  const expected = truth.filter(interest.wants);
  for (let index = 0; index < Math.max(expected.length, seen.length); index++) {
    const [wanted, got] = [expected[index]?.id, seen[index]?.id];
    if (wanted === got) continue;
    const repeated = seen.findIndex(({ id }) => id === got) < index;
    throw new Error(
      `${interest.name} over ${protocol}: event ${index + 1} of ${expected.length} should be ${wanted}, is ${got}${repeated ? ', a repeat' : ''}`,
    );
  }
}
