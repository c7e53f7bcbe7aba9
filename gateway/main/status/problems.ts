import type { PartStatus } from './part-status.js';

export interface Problem {
  /** `down`: somebody has to act. `unknown`: it can't be seen. `late`: it is behind, and may catch up by itself. */
  readonly level: 'down' | 'unknown' | 'late';
  readonly where: string;
  readonly what: string;
}

/** Seconds after which a feed or a dispatch counts as late. */
const LATE = 60;
const STUCK = 600;

/** What is wrong, the worst first. */
export function problemsOf(parts: readonly PartStatus[]): Problem[] {
  const problems = parts.flatMap(ofPart);
  const order = { down: 0, unknown: 1, late: 2 };
  const seen = new Set<string>();
  return problems
    .sort((one, other) => order[one.level] - order[other.level])
    .filter(({ where, what }) => !seen.has(`${where} ${what}`) && seen.add(`${where} ${what}`));
}

function ofPart(part: PartStatus): Problem[] {
  const where = part.name === undefined ? part.url : `${part.name} ${part.url}`;
  const said = (level: Problem['level'], what: string): Problem => ({ level, where, what });
  if (part.failure !== undefined) return [said('down', part.failure)];
  return [
    ...(part.draining ? [said('late', 'it was told to stop, and answers what is under way')] : []),
    ...Object.entries(part.stores).flatMap(([store, state]) =>
      state === 'up' ? [] : [said('down', `its store ${store} does not answer`)],
    ),
    ...part.subgraphsDown.map((name) => said('down', `it does not reach ${name}, which it needs`)),
    ...(part.kind === 'gateway' && part.graph === null ? [said('down', 'it has no graph yet')] : []),
    ...(part.registryReachable === false ? [said('down', 'it does not reach the registry, and serves the last good graph')] : []),
    ...(part.registered === -1 ? [said('down', 'the registry refused its schema; its log says why')] : []),
    ...(part.registered === 0 ? [said('late', 'it is not registered yet')] : []),
    ...ofPeers(part).map((what) => said('down', what)),
    ...ofFeeds(part).map(([level, what]) => said(level, what)),
    ...ofDispatch(part).map(([level, what]) => said(level, what)),
    ...(part.metrics
      ? []
      : [said('unknown', '/metrics is not shown to you: give --token, the METRICS_TOKEN of the part, or ask from within')]),
    ...(part.ready || part.draining || part.subgraphsDown.length > 0 || Object.values(part.stores).includes('down') || part.graph === null
      ? []
      : [said('down', 'it is not ready')]),
  ];
}

function ofPeers({ peers }: PartStatus): string[] {
  return Object.entries(peers).flatMap(([peer, { breakersOpen }]) =>
    breakersOpen > 0
      ? [`${peer} failed so often that ${breakersOpen === 1 ? 'an address' : `${breakersOpen} addresses`} of it is only probed`]
      : [],
  );
}

function ofFeeds({ feeds }: PartStatus): [Problem['level'], string][] {
  return Object.entries(feeds).flatMap(([source, { state, lagSeconds }]): [Problem['level'], string][] => {
    if (state === 'rewound') return [['down', `${source} was set back, and nothing of it is applied: see \`acceptance feed reset\``]];
    if (state === 'sought' && (lagSeconds ?? 0) > LATE)
      return [['down', `${source} can not be followed since ${Math.round(lagSeconds ?? 0)} s`]];
    if (state === 'sought') return [['late', `${source} is sought`]];
    return lagSeconds !== null && lagSeconds > LATE ? [['late', `${source} is ${Math.round(lagSeconds)} s behind`]] : [];
  });
}

function ofDispatch({ dispatch }: PartStatus): [Problem['level'], string][] {
  return Object.entries(dispatch).flatMap(([department, { waiting, refused, oldestSeconds }]): [Problem['level'], string][] => [
    ...(refused > 0 ? [['down', `${department} refuses ${refused} cases`] as [Problem['level'], string]] : []),
    ...(waiting > 0 && oldestSeconds > LATE
      ? [
          [oldestSeconds > STUCK ? 'down' : 'late', `${waiting} cases wait for ${department}, the oldest for ${oldestSeconds} s`] as [
            Problem['level'],
            string,
          ],
        ]
      : []),
  ]);
}
