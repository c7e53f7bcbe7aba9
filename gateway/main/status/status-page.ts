import type { PartStatus } from './part-status.js';
import type { Problem } from './problems.js';

/** Ends of SGR sequences. */
const STYLES = { red: '31', yellow: '33', green: '32', bold: '1', dim: '2' } as const;

/** The whole for a terminal: what is wrong first, then who there is. */
export function statusPage(
  parts: readonly PartStatus[],
  problems: readonly Problem[],
  redis: boolean | undefined,
  colours: boolean,
): string {
  const styled = (style: keyof typeof STYLES, text: string) => (colours ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
  const headline =
    problems.length === 0
      ? styled('green', 'all is well')
      : problems
          .map(({ level, where, what }) =>
            styled(level === 'late' ? 'yellow' : 'red', `${level.toUpperCase().padEnd(7)} ${where}: ${what}`),
          )
          .join('\n');
  const gateways = parts.filter(({ kind }) => kind === 'gateway');
  const subgraphs = parts.filter(({ kind }) => kind === 'subgraph');
  const section = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? [] : ['', styled('bold', title), ...columns(rows)];
  return [
    headline,
    ...section('Gateways', gateways.map(gatewayRow)),
    ...section('Whom gateways ask', peerRows(gateways)),
    ...section('Subgraphs', subgraphs.map(subgraphRow)),
    ...section('Feeds', feedRows(subgraphs)),
    ...section('Cases on their way', dispatchRows(subgraphs)),
    ...(redis === undefined ? [] : ['', `${styled('bold', 'Redis')} ${redis ? 'answers' : 'does not answer'}`]),
  ].join('\n');
}

function gatewayRow({ url, ready, latencyMs, version, graph }: PartStatus): string[] {
  const what = graph === null ? 'no graph' : `graph ${graph.version.slice(0, 12)} from ${graph.source} since ${graph.since}`;
  return [url, ready ? 'ready' : 'not ready', `${latencyMs} ms`, version ?? '', what];
}

function peerRows(gateways: readonly PartStatus[]): string[][] {
  const names = [...new Set(gateways.flatMap(({ peers }) => Object.keys(peers)))].sort();
  return names.map((name) => {
    const seen = gateways.flatMap(({ peers }) => peers[name] ?? []);
    const open = Math.max(...seen.map(({ breakersOpen }) => breakersOpen));
    const slowest = Math.max(...seen.map(({ meanMs }) => meanMs ?? -1));
    const state = seen.some(({ up }) => up === false) ? 'down' : open > 0 ? 'breaker open' : 'up';
    return [name, state, slowest < 0 ? 'not asked yet' : `${slowest} ms on average`];
  });
}

function subgraphRow({ name = '', url, ready, latencyMs, version, stores, registered, leads }: PartStatus): string[] {
  const of = Object.entries(stores).map(([store, state]) => `${store} ${state}`);
  const known =
    registered === null ? '' : (({ 1: 'registered', '-1': 'refused' } as Record<string, string>)[registered] ?? 'not registered');
  return [
    name,
    url,
    ready ? 'ready' : 'not ready',
    `${latencyMs} ms`,
    version ?? '',
    `stores: ${of.join(', ')}`,
    known,
    leads ? 'follows feeds' : '',
  ];
}

function feedRows(subgraphs: readonly PartStatus[]): string[][] {
  return subgraphs.flatMap(({ name = '', leads, feeds }) =>
    Object.entries(feeds)
      .filter(([, { state }]) => leads || state === 'rewound')
      .map(([source, { state, lagSeconds, waiting }]) => [
        name,
        source,
        state,
        lagSeconds === null ? '' : `${lagSeconds.toFixed(1)} s behind`,
        waiting === null ? '' : `${waiting} waiting`,
      ]),
  );
}

/** Every instance of the ledger says the same, by the store that they share. */
function dispatchRows(subgraphs: readonly PartStatus[]): string[][] {
  const all = new Map(subgraphs.flatMap(({ dispatch }) => Object.entries(dispatch)));
  return [...all].map(([code, { waiting, refused, oldestSeconds }]) => [
    code,
    `${waiting} waiting`,
    `${refused} refused`,
    waiting === 0 ? '' : `the oldest for ${oldestSeconds} s`,
  ]);
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)), []);
  return rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd());
}
