import { parseArgs } from 'node:util';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import { appliedEvents } from '../../../subgraphs/kit/feed/feed-tables.js';
import { type FollowedFeed, followedFeeds, readAnew } from '../../../subgraphs/kit/feed/rewound.js';
import { isMigrated } from '../../../subgraphs/kit/store/migrate.js';
import { connectStore, type Store } from '../../../subgraphs/kit/store/open-store.js';
import { readSettings } from '../../config/read-settings.js';
import type { KnownSubgraph } from '../subgraph-table.js';
import { type Command, UsageError } from './command.js';
import { failureOf } from './named-stores.js';
import { storedSubgraphs } from './stored-subgraphs.js';

const HELP = 'Stores are those of STORE_URL and DATA_DIR, as the subgraphs have them; subgraphs may run meanwhile.';

export const feedStatusCommand: Command = {
  name: 'feed status',
  summary: 'shows which feeds subgraphs follow, and which of them were set back',
  usage: 'feed status [<subgraph>…] [--json]',
  help: `A feed whose store was restored to an earlier time, or begun anew, does not know the events that its follower applied last.
Nothing of it is applied then until somebody decides; see \`feed reset\`. ${HELP}

  npx acceptance feed status

Exit codes: 0 all are followed; 1 one was set back; 2 asked wrongly.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const feeds: Record<string, FollowedFeed[]> = {};
    await eachStore(positionals, async ({ name }, store) => {
      const followed = await followedFeeds(store);
      if (followed.length > 0) feeds[name] = followed;
    });
    const told = Object.entries(feeds).flatMap(([name, followed]) => followed.map((feed) => ({ subgraph: name, ...feed })));
    if (values.json) console.log(JSON.stringify({ feeds: told.map(({ rewound, ...feed }) => ({ ...feed, rewound: rewound ?? null })) }));
    else console.log(told.map(lineOf).join('\n') || 'nobody follows a feed here');
    return told.some(({ rewound }) => rewound !== undefined) ? 1 : 0;
  },
};

export const feedResetCommand: Command = {
  name: 'feed reset',
  summary: 'has a feed that was set back read from its beginning again',
  usage: 'feed reset <subgraph> <feed> [--yes] [--json]',
  help: `For a follower that \`feed status\` shows as ahead of its feed. Without --yes it says what would be done, and does nothing.
The feed is then read from its beginning: events that were applied are known by their ids and are passed over, so that each
has its effect once; those that are new are applied. What the follower made of events that the feed has lost stays as it is.
For a department's feed, the open cases it was handed are handed over again: it passes over those it has, and gets back those
that its store lost. First restore the store as near to the present as backups and binlogs allow (docker/BACKUP.md). ${HELP}

  npx acceptance feed reset acceptance department:drug
  npx acceptance feed reset supervision acceptance:ledger --yes

Exit codes: 0 done; 1 not done; 2 asked wrongly.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { yes: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    });
    const [name, source, ...more] = positionals;
    if (name === undefined || source === undefined || more.length > 0)
      throw new UsageError('say which subgraph, and which feed it follows');
    let done: boolean | undefined;
    await eachStore([name], async (subgraph, store) => {
      done = await reset(subgraph, store, source, values);
    });
    if (done === undefined) throw new UsageError(`there is no store of ${name} here; set STORE_URL or DATA_DIR`);
    return done ? 0 : 1;
  },
};

async function reset(
  subgraph: KnownSubgraph,
  store: Store,
  source: string,
  { yes, json }: { yes: boolean; json: boolean },
): Promise<boolean> {
  const feeds = await followedFeeds(store);
  const feed = feeds.find((one) => one.source === source);
  if (feed === undefined)
    throw new UsageError(`${subgraph.name} follows no feed ${source}; it follows ${feeds.map((one) => one.source).join(', ') || 'none'}`);
  if (feed.rewound === undefined)
    throw new CataloguedError('CONFLICT', `${subgraph.name} follows ${source} as it should: there is nothing to set right`);
  const known = await store.fork().count(appliedEvents, { source });
  const also = subgraph.readAnew;
  const lines = [
    `${known} events of ${source} are known here and will be passed over`,
    ...((await also?.shows(store.fork(), source)) ?? []),
  ];
  const done = yes && (await readAnew(store, feed, async (tx) => also?.does(tx, source)));
  if (json) console.log(JSON.stringify({ subgraph: subgraph.name, source, rewound: feed.rewound, does: lines, done }));
  else console.log([lineOf({ subgraph: subgraph.name, ...feed }), ...lines.map((line) => `  ${line}`), ending(yes, done)].join('\n'));
  return done;
}

function ending(yes: boolean, done: boolean): string {
  if (done) return 'done: it is read from its beginning now';
  return yes ? 'nothing was changed: its place has changed meanwhile; look again' : 'nothing was changed; add --yes to do it';
}

function lineOf({ subgraph, source, appliedAt, rewound }: FollowedFeed & { readonly subgraph: string }): string {
  const what = rewound === undefined ? 'followed' : `SET BACK (${rewound.code}), nothing applied since ${rewound.since.toISOString()}`;
  return `${subgraph.padEnd(12)} ${source.padEnd(28)} ${what}; last event applied ${appliedAt.toISOString()}`;
}

async function eachStore(names: readonly string[], work: (subgraph: KnownSubgraph, store: Store) => Promise<void>): Promise<void> {
  const settings = readSettings(process.env, 'commands').subgraphs;
  for (const { subgraph, address } of await storedSubgraphs(names, settings)) {
    const definition = await subgraph.store();
    try {
      await using store = await connectStore(address, definition);
      if (!(await isMigrated(store.orm, definition.migrations[address.dialect])))
        throw new CataloguedError(
          'STORE_VERSION',
          `the store of ${subgraph.name} is not of this version: start the subgraph once with this version`,
        );
      await work(subgraph, store);
    } catch (error) {
      throw failureOf(error);
    }
  }
}
