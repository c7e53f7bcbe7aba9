import { parseArgs } from 'node:util';
import { isDepartmentCode } from '../../../schema/composition/department-names.js';
import { findDepartment } from '../../../subgraphs/departments/find-department.js';
import { type Command, UsageError } from './command.js';
import { readSdl } from './department-check.js';
import { type ChangeFinding, changeLines, type Finding, findingLines } from './findings.js';
import { askGraph, GRAPH_HELP, GRAPH_OPTIONS } from './graph-access.js';
import { waitUntilServed } from './wait-until-served.js';

const PUBLISH = /* GraphQL */ `
  mutation PublishDepartment($input: PublishDepartmentInput!) {
    publishDepartment(input: $input) {
      outcome
      baseVersion
      checks { kind outcome problems { code message department member line column remedy } }
      changes { criticality message coordinate usedBy { client operation operationHash count lastSeen } }
      supergraphVersion { number version }
    }
  }
`;

interface Published {
  readonly outcome: 'PUBLISHED' | 'UNCHANGED' | 'WOULD_PUBLISH' | 'REFUSED';
  readonly baseVersion: string | null;
  readonly checks: readonly { readonly kind: string; readonly outcome: string; readonly problems: readonly Finding[] }[];
  readonly changes: readonly ChangeFinding[] | null;
  readonly supergraphVersion: { readonly number: number; readonly version: string } | null;
}

const VERDICTS: Record<Published['outcome'], string> = {
  PUBLISHED: 'published',
  UNCHANGED: 'nothing to do: the same is in force already',
  WOULD_PUBLISH: 'it would be published; nothing was changed',
  REFUSED: 'refused; nothing was changed',
};
const WHAT: Readonly<Record<string, string>> = {
  CONTRACT: 'keeps the department contract',
  COMPOSITION: 'composes with everybody else',
  CLIENTS: 'takes nothing away that clients use',
  ENDPOINT: 'its endpoint answers what the contract asks for',
};

export const departmentPublishCommand: Command = {
  name: 'department publish',
  summary: 'publishes a department: every check, then all of it or nothing',
  usage: `department publish <code> --url <http://…/graphql> [--sdl <file>] [--dry-run] [--reason <text>] [--override <why>]
             [--base <version>] [--name <official name>] [--affiliation PROVINCIAL|CENTRAL] [--contact <text>]
             [--subscription-url <ws://…>] [--graph <url>] [--token <token>] [--json]`,
  help: `The SDL is read from the endpoint unless --sdl gives it. --name and --affiliation are needed the first time, unless the
department is of this repository. --base refuses when another version than the one you checked against is in force by now.
--override publishes although clients use what is taken away, and is kept on record with its reason.
${GRAPH_HELP}

  npx acceptance department publish market --url http://127.0.0.1:4342/graphql --dry-run
  npx acceptance department publish tax --url https://tax.example/graphql --name 国家税务总局河南省税务局 --affiliation CENTRAL
  npx acceptance department publish market --reason "drop the old field" --override "agreed with the app team"

Exit codes: 0 published, or would be; 1 refused, or somebody else was first; 2 asked wrongly.`,
  async run(args) {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...GRAPH_OPTIONS,
        url: text,
        'subscription-url': text,
        sdl: text,
        reason: text,
        override: text,
        base: text,
        name: text,
        affiliation: text,
        contact: text,
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const [code] = positionals;
    if (code === undefined || positionals.length > 1 || !isDepartmentCode(code))
      throw new UsageError('name one department: `department publish market --url …`');
    const { affiliation } = values;
    if (affiliation !== undefined && affiliation !== 'PROVINCIAL' && affiliation !== 'CENTRAL') {
      throw new UsageError('--affiliation is PROVINCIAL (省直) or CENTRAL (中央驻豫)');
    }
    const own = await findDepartment(code);
    const { publishDepartment } = await askGraph<{ publishDepartment: Published }>(values, `department:${code}`, PUBLISH, {
      input: {
        departmentCode: code,
        name: values.name ?? own?.name,
        affiliation: affiliation ?? own?.affiliation,
        url: values.url,
        subscriptionUrl: values['subscription-url'],
        sdl: values.sdl === undefined ? undefined : await readSdl(values.sdl),
        reason: values.reason,
        overrideReason: values.override,
        baseVersion: values.base,
        contact: values.contact,
        dryRun: values['dry-run'],
      },
    });
    const { supergraphVersion } = publishDepartment;
    const served = supergraphVersion === null ? null : await waitUntilServed(values, supergraphVersion.version);
    if (values.json) console.log(JSON.stringify({ ...publishDepartment, served }));
    else console.log(verdict(code, publishDepartment, values.sdl), ...(served === false ? ['\n(not by this gateway yet)'] : []));
    return publishDepartment.outcome === 'REFUSED' ? 1 : 0;
  },
};

function verdict(code: string, { outcome, checks, changes, supergraphVersion, baseVersion }: Published, file: string | undefined): string {
  const lines = checks.flatMap(({ kind, outcome: ended, problems }) => [
    `${ended.toLowerCase().replace('_', ' ').padEnd(10)} ${WHAT[kind] ?? kind}`,
    ...problems.map((problem) => findingLines(problem, file)),
  ]);
  const version =
    supergraphVersion === null
      ? `checked against version ${baseVersion ?? '(none yet)'}`
      : `version ${supergraphVersion.number} (${supergraphVersion.version}) is in force`;
  return [...lines, '', 'what clients notice:', changeLines(changes), '', `${code}: ${VERDICTS[outcome]}; ${version}`].join('\n');
}
