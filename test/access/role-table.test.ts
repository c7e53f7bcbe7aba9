import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kind, type ObjectTypeDefinitionNode, type ObjectTypeExtensionNode, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SUBGRAPHS } from '../../gateway/main/subgraph-table.js';
import { type Outcome, ROLE_TABLE, TABLE_ROLES, type TableKind, type TableRole, type TableRow } from '../../schema/access/role-table.js';
import { roleTablePage } from '../../schema/access/role-table-page.js';
import { departmentContract } from '../../schema/composition/contract.js';
import type { Answer } from '../support/environment.js';
import { type Probe, probesOf, type Seen } from './probes.js';
import { type KnownCase, OWNER, Province } from './province.js';

const ROOT = new URL('../../', import.meta.url).pathname;
const DEPARTMENTS = ['drug', 'transport', 'housing'];

let province: Province;
let a: KnownCase;
let b: KnownCase;
let tried = 0;

beforeAll(async () => {
  province = await Province.start();
  a = await province.open('drug', 701, OWNER);
  b = await province.open('housing', 702, 'person-third');
}, 120_000);

afterAll(async () => {
  await province[Symbol.asyncDispose]();
  console.log(`role table: ${tried} combinations of role and field were tried`);
});

const keyOf = ({ subgraph, kind, field, when }: Omit<TableRow, 'outcomes'>) =>
  [subgraph, kind, field, ...(when === undefined ? [] : [when])].join(' ');
const homeOf = ({ subgraph }: TableRow) => (DEPARTMENTS.includes(subgraph) ? subgraph : 'drug');
const nameOf = ({ subgraph }: TableRow) => (subgraph === 'departments' ? 'drug' : subgraph);

function probeFor(row: TableRow): Probe {
  const home = homeOf(row);
  const itemCode = province.items.find(({ departmentCode }) => departmentCode === home)?.code ?? '';
  const probe = probesOf({ a, b, itemCode, home })[keyOf(row)];
  if (probe === undefined) throw new Error(`nobody knows how to ask for ${keyOf(row)}: add it to probes.ts`);
  return probe;
}

/** Errors that say who may not; any other is about what was asked for, so the guard let it pass. */
const GUARDS: Record<string, Outcome> = { UNAUTHENTICATED: '401', FORBIDDEN: '403', UNAUTHORIZED_FIELD_OR_TYPE: '403' };
const FAULTS = [
  'INTERNAL_SERVER_ERROR',
  'INTERNAL_TOKEN_REJECTED',
  'SIGNATURE_REQUIRED',
  'SIGNATURE_REJECTED',
  'GRAPHQL_VALIDATION_FAILED',
  'GRAPHQL_PARSE_FAILED',
];

/** The codes that say how a probe ended. A field that the gateway cut out below the root is a field less, not a guard of the root field. */
function codesOf(answers: readonly Answer[]): string[] {
  return answers
    .flatMap(({ errors }) => errors ?? [])
    .filter(({ path, extensions }) => extensions?.['code'] !== 'UNAUTHORIZED_FIELD_OR_TYPE' || (path?.length ?? 0) <= 1)
    .map(({ extensions }) => String(extensions?.['code']));
}

function outcomeOf({ seen, any }: Probe, answers: readonly Answer[]): string {
  const codes = codesOf(answers);
  const guard = codes.map((code) => GUARDS[code]).find((found) => found !== undefined);
  if (guard !== undefined) return guard;
  const fault = codes.find((code) => FAULTS.includes(code));
  if (fault !== undefined) return fault;
  if (any !== undefined) return any(answers[0]?.data ?? {}) ? 'all' : 'none';
  if (seen === undefined) return 'yes';
  const rows = answers.flatMap(({ data }) => (data == null ? [] : seen(data))).filter((row) => row !== undefined);
  return sight(rows);
}

function sight(rows: readonly Seen[]): string {
  const numbers = new Set(rows.map(({ number }) => number));
  const names = new Map([a, b].map((one) => [one.number, one.applicantName]));
  const named = rows.filter(({ name }) => name !== undefined);
  const clear = named.filter(({ number, name }) => name === names.get(number));
  if (named.length > 0 && clear.length > 0 && clear.length < named.length) return 'some masked';
  const masked = named.length > 0 && clear.length === 0 ? '*' : '';
  const which = numbers.has(a.number) ? (numbers.has(b.number) ? 'all' : 'own') : numbers.has(b.number) ? 'foreign' : 'none';
  if (numbers.size > [a, b].filter(({ number }) => numbers.has(number)).length) return 'unknown rows';
  return which === 'none' ? 'none' : which + masked;
}

/** What must be seen, given that one department's subgraph, or a look-up of one number, has the one case only. */
function expected(row: TableRow, role: TableRole): string {
  const outcome = row.outcomes[role];
  const oneCase = (row.subgraph === 'departments' && row.field === 'Case') || row.when !== undefined;
  return oneCase && (outcome === 'all' || outcome === 'ledger') ? 'own' : outcome;
}

async function ask(row: TableRow, role: TableRole): Promise<string> {
  const probe = probeFor(row);
  const who = province.caller(role, homeOf(row));
  const name = nameOf(row);
  if (row.kind !== 'subscription') return outcomeOf(probe, [await province.direct(name, who, probe.query, probe.variables)]);
  const authorization = await province.tokens.authorization(name, who);
  const { subscriptionUrl } = province.url(name);
  const each = probe.each === undefined ? [{}] : [a, b].map(probe.each);
  return outcomeOf(
    probe,
    await Promise.all(each.map((variables) => province.first(subscriptionUrl, authorization, probe.query, variables))),
  );
}

async function askGateway(row: TableRow, role: TableRole): Promise<string> {
  const probe = probeFor(row);
  const authorization = await province.authorization(role, homeOf(row));
  if (row.kind !== 'subscription') return outcomeOf(probe, [await province.ask(authorization, probe.query, probe.variables)]);
  const each = probe.each === undefined ? [{}] : [a, b].map(probe.each);
  const url = province.graph.url().replace(/^http/, 'ws');
  return outcomeOf(probe, await Promise.all(each.map((variables) => province.first(url, authorization, probe.query, variables))));
}

describe('the role table', () => {
  test.each(ROLE_TABLE.map((row): [string, TableRow] => [keyOf(row), row]))('%s, asked of the subgraph', async (_name, row) => {
    const found: Partial<Record<TableRole, string>> = {};
    const wanted: Partial<Record<TableRole, string>> = {};
    for (const role of TABLE_ROLES) {
      found[role] = await ask(row, role);
      wanted[role] = expected(row, role);
      tried++;
    }
    expect(found).toEqual(wanted);
  });

  test.each(ROLE_TABLE.filter(({ kind }) => kind !== 'entity').map((row): [string, TableRow] => [keyOf(row), row]))(
    '%s, asked of the gateway',
    async (_name, row) => {
      const hidden = (await hiddenFields()).has(row.field);
      const found: Partial<Record<TableRole, string>> = {};
      const wanted: Partial<Record<TableRole, string>> = {};
      // nobody comes as the platform itself: a client's token can't say so
      for (const role of TABLE_ROLES.filter((one) => one !== 'platform')) {
        found[role] = await askGateway(row, role);
        wanted[role] = hidden ? 'GRAPHQL_VALIDATION_FAILED' : expected(row, role);
        tried++;
      }
      expect(found).toEqual(wanted);
    },
  );

  test('names every root field and every entity there is, and none that is not', async () => {
    const there = new Set<string>();
    for (const subgraph of SUBGRAPHS) {
      const { name, kind } = subgraph;
      const published = members(await subgraph.sdl());
      const contract = kind === 'department' ? members(departmentContract().sdl) : new Set<string>();
      for (const member of published) there.add(`${contract.has(member) ? 'departments' : name} ${member}`);
    }
    // what a department adds to a row is reached through the row
    const inTable = new Set(ROLE_TABLE.map(({ subgraph, kind, field }) => `${subgraph} ${kind} ${field}`));
    expect([...there].filter((member) => !inTable.has(member)).sort()).toEqual([]);
    expect([...inTable].filter((member) => !there.has(member)).sort()).toEqual([]);
  });

  test('is what its page prints (`npx vitest run test/access/role-table -u` writes it)', async () => {
    await expect(roleTablePage()).toMatchFileSnapshot(join(ROOT, 'schema/access/README.md'));
  });

  test('a token of a client that claims to be the platform is nobody’s', async () => {
    const token = await province.graph.issuer.issue('person-x', ['platform']);
    const { errors } = await province.ask(`Bearer ${token}`, '{ cases { nodes { number } } }');
    expect(errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  });
});

const KINDS: Record<string, TableKind> = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' };

/** Root fields, and types one can ask for by their key. */
function members(sdl: string): Set<string> {
  const types = parse(sdl).definitions.filter(
    (definition): definition is ObjectTypeDefinitionNode | ObjectTypeExtensionNode =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
  return new Set(
    types.flatMap(({ name, fields = [], directives = [] }) => {
      const kind = KINDS[name.value];
      if (kind !== undefined)
        return fields.map((field) => `${kind} ${field.name.value}`).filter((field) => !/ _(entities|service)$/.test(field));
      const keys = directives.filter((directive) => directive.name.value === 'key');
      const resolvable = keys.some(
        ({ arguments: given = [] }) =>
          !given.some(({ name: { value }, value: flag }) => value === 'resolvable' && flag.kind === Kind.BOOLEAN && !flag.value),
      );
      return resolvable ? [`entity ${name.value}`] : [];
    }),
  );
}

async function hiddenFields(): Promise<Set<string>> {
  const document = parse(await readFile(join(ROOT, 'schema/supergraph.graphql'), 'utf8'));
  return new Set(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION && KINDS[definition.name.value] !== undefined
        ? (definition.fields ?? [])
            .filter(({ directives = [] }) => directives.some(({ name }) => name.value === 'inaccessible'))
            .map(({ name }) => name.value)
        : [],
    ),
  );
}
