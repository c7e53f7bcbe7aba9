import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.js';
import { type ChangeFinding, changeLines } from './findings.js';
import { askGraph, GRAPH_HELP, GRAPH_OPTIONS } from './graph-access.js';
import { waitUntilServed } from './wait-until-served.js';

const HISTORY = /* GraphQL */ `
  query SupergraphHistory($first: Int!) {
    supergraphVersions(first: $first) { totalCount nodes { number version state createdAt createdBy reason restores } }
  }
`;
const DIFF = /* GraphQL */ `
  query SupergraphDiff($from: Int!, $to: Int) {
    supergraphVersion(number: $to) { number version changesSince(number: $from) { criticality message coordinate } }
  }
`;
const ROLLBACK = /* GraphQL */ `
  mutation RollbackSupergraph($input: RollbackSupergraphInput!) {
    rollbackSupergraph(input: $input) {
      supergraphVersion { number version restores }
      changes { criticality message coordinate usedBy { client operation operationHash count lastSeen } }
    }
  }
`;

interface Version {
  readonly number: number;
  readonly version: string;
  readonly state: string;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly reason: string | null;
  readonly restores: number | null;
}

export const supergraphHistoryCommand: Command = {
  name: 'supergraph history',
  summary: 'lists the supergraphs that were in force, newest first',
  usage: 'supergraph history [--first <n>] [--graph <url>] [--token <token>] [--json]',
  help: `${GRAPH_HELP}

  npx acceptance supergraph history --first 5`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { ...GRAPH_OPTIONS, first: { type: 'string', default: '20' } } });
    const { supergraphVersions } = await askGraph<{ supergraphVersions: { totalCount: number; nodes: Version[] } }>(
      values,
      'admin',
      HISTORY,
      {
        first: wholeNumber('--first', values.first),
      },
    );
    const { nodes, totalCount } = supergraphVersions;
    if (values.json) console.log(JSON.stringify(nodes));
    else {
      for (const { number, version, state, createdAt, createdBy, reason, restores } of nodes) {
        const mark = state === 'IN_FORCE' ? '*' : ' ';
        const restored = restores === null ? '' : ` (version ${restores} again)`;
        console.log(
          `${mark} ${String(number).padStart(4)}  ${version}  ${createdAt}  ${createdBy ?? ''}${restored}${reason === null ? '' : `: ${reason}`}`,
        );
      }
      if (totalCount > nodes.length) console.log(`  … ${totalCount - nodes.length} older ones (--first)`);
    }
    return 0;
  },
};

export const supergraphDiffCommand: Command = {
  name: 'supergraph diff',
  summary: 'says what clients would notice between two versions',
  usage: 'supergraph diff <from> [<to>] [--graph <url>] [--token <token>] [--json]',
  help: `Numbers are those of \`supergraph history\`; without <to>, the version in force. ! breaks clients, ~ may surprise them, + does neither.
${GRAPH_HELP}

  npx acceptance supergraph diff 3
  npx acceptance supergraph diff 3 5 --json`,
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: GRAPH_OPTIONS });
    const [from, to] = positionals;
    if (from === undefined || positionals.length > 2) throw new UsageError('give one or two numbers of versions: `supergraph diff 3 5`');
    const variables = { from: wholeNumber('<from>', from), ...(to !== undefined && { to: wholeNumber('<to>', to) }) };
    const { supergraphVersion: found } = await askGraph<{
      supergraphVersion: { number: number; version: string; changesSince: ChangeFinding[] } | null;
    }>(values, 'admin', DIFF, variables);
    if (found === null) throw new UsageError(`there is no version ${to ?? 'in force'}`);
    console.log(values.json ? JSON.stringify(found) : `${from} → ${found.number} (${found.version})\n${changeLines(found.changesSince)}`);
    return 0;
  },
};

export const supergraphRollbackCommand: Command = {
  name: 'supergraph rollback',
  summary: 'brings an earlier supergraph back, as a new version',
  usage: 'supergraph rollback <number> [--reason <text>] [--restore-addresses] [--graph <url>] [--token <token>] [--json]',
  help: `For administrators. Subgraphs stay at the addresses they have today; --restore-addresses puts them back where they were, too. What
departments published since stays on record, and their next start does not bring it back: publishing it again does.
${GRAPH_HELP}

  npx acceptance supergraph rollback 4 --reason "the new field is wrong"`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...GRAPH_OPTIONS, reason: { type: 'string' }, 'restore-addresses': { type: 'boolean', default: false } },
    });
    const [number] = positionals;
    if (number === undefined || positionals.length > 1)
      throw new UsageError('give the number of one version; `supergraph history` lists them');
    const { rollbackSupergraph: result } = await askGraph<{
      rollbackSupergraph: { supergraphVersion: { number: number; version: string }; changes: ChangeFinding[] | null };
    }>(values, 'admin', ROLLBACK, {
      input: { number: wholeNumber('<number>', number), reason: values.reason, restoreAddresses: values['restore-addresses'] },
    });
    const { supergraphVersion, changes } = result;
    const served = await waitUntilServed(values, supergraphVersion.version);
    console.log(
      values.json
        ? JSON.stringify({ ...result, served })
        : `version ${supergraphVersion.number} is in force: version ${number} again (${supergraphVersion.version})\n\nwhat clients notice:\n${changeLines(changes)}`,
    );
    return 0;
  },
};

function wholeNumber(what: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageError(`${what} is a number from 1`);
  return Number(value);
}
