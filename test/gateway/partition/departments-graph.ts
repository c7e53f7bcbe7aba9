import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { SubgraphFetch, SubgraphFetcher } from '../../../gateway/execution/subgraph-fetch.js';
import { Generation } from '../../../gateway/supergraph/generation.js';
import { answer, composeSdl, InProcessGraph, type InProcessSubgraph, type Resolvers } from '../execution/in-process-graph.js';

export const DEPARTMENTS = ['drug', 'transport', 'housing'] as const;

const CONTRACT = readFileSync(new URL('../../../schema/department-contract.graphql', import.meta.url), 'utf8');
/** The contract with everything open to clients, so that tests can ask partitioned root fields. */
const OPEN_CONTRACT = CONTRACT.replaceAll(/ @inaccessible(?=[ \n])/g, '');

const ACCEPTANCE = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { cases(first: Int = 1000): [Case]! grid: [[Case!]] case(number: ID!, departmentCode: ID!): Case items: [ServiceItem!]! }
  type Subscription { caseChanged: Case }
  type Case @key(fields: "number departmentCode") {
    number: ID!
    departmentCode: ID!
    title: String
    item: ServiceItem
    related: [Case]
  }
  type ServiceItem @key(fields: "code departmentCode") { code: ID! departmentCode: ID! name: String cases: [Case!] }
`;

const DRUG_EXTENSION = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { drugNotices: [String!] }
  type Case @key(fields: "number departmentCode") { number: ID! departmentCode: ID! samples: [String!] laboratory: String }
`;

export interface CaseRow {
  number: string;
  departmentCode: string;
}

/** One fetch that was sent, and to whom. */
export interface Sent extends SubgraphFetch {
  to: string;
}

/** What goes wrong, by `to`. */
export type Outage = (fetch: SubgraphFetch) => Promise<never> | undefined;

export interface DepartmentsGraphOptions {
  cases: readonly (CaseRow | null)[];
  /** Everything of the contract is open to clients. */
  open?: boolean;
}

/** Acceptance, the departments' contract behind one subgraph per department, and one extension: all in this process. */
export class DepartmentsGraph {
  readonly generation: Generation;
  readonly sent: Sent[] = [];
  /** Mutations in the order departments carried them out. */
  readonly log: string[] = [];
  outage: Outage = () => undefined;
  readonly #schemas = new Map<string, GraphQLSchema>();
  readonly #subgraphs: InProcessSubgraph[];

  constructor({ cases, open = false }: DepartmentsGraphOptions) {
    const contract = open ? OPEN_CONTRACT : CONTRACT;
    this.#subgraphs = [
      { name: 'acceptance', sdl: ACCEPTANCE, resolvers: acceptanceResolvers(cases) },
      { name: 'departments', sdl: contract, resolvers: departmentResolvers(undefined, this.log) },
      { name: 'drug', sdl: DRUG_EXTENSION, resolvers: extensionResolvers('drug', () => null) },
    ];
    const departments = DEPARTMENTS.map((code) => ({
      code,
      url: `http://${code}.test`,
      subscriptionUrl: `ws://${code}.test`,
      extension: code === 'drug',
    }));
    this.generation = Generation.build({ version: '1', sdl: composed(open, this.#subgraphs), departments });
    for (const code of DEPARTMENTS) this.#schemas.set(`departments/${code}`, schemaOf(contract, departmentResolvers(code, this.log)));
    this.#schemas.set('acceptance', schemaOf(ACCEPTANCE, acceptanceResolvers(cases)));
    this.#schemas.set('drug/drug', schemaOf(DRUG_EXTENSION, extensionResolvers('drug')));
  }

  readonly fetcher: SubgraphFetcher<unknown> = (fetch) => {
    const { subgraph, department } = fetch.target;
    const to = department === undefined ? subgraph : `${subgraph}/${department}`;
    this.sent.push({ ...fetch, to });
    const schema = this.#schemas.get(to);
    if (schema === undefined) throw new Error(`nobody answers as ${to}`);
    return this.outage(fetch) ?? answer(schema, fetch);
  };

  run(query: string, variables: Record<string, unknown> = {}) {
    return this.generation.execute({ document: parse(query), variables, context: undefined, fetcher: this.fetcher });
  }

  sentTo(prefix: string): Sent[] {
    return this.sent.filter(({ to }) => to.startsWith(prefix));
  }

  /** The same graph with one ordinary subgraph that has every row. */
  reference(): InProcessGraph {
    return new InProcessGraph(
      this.#subgraphs.map((subgraph) => (subgraph.name === 'departments' ? { ...subgraph, name: 'departments-in-one' } : subgraph)),
    );
  }
}

// composing is slow, and there are only two supergraphs
const supergraphs = new Map<boolean, string>();

function composed(open: boolean, subgraphs: readonly InProcessSubgraph[]): string {
  const sdl = supergraphs.get(open) ?? composeSdl(subgraphs);
  supergraphs.set(open, sdl);
  return sdl;
}

const schemaOf = (sdl: string, resolvers: Resolvers): GraphQLSchema =>
  buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);

function acceptanceResolvers(cases: readonly (CaseRow | null)[]): Resolvers {
  const rows = cases.map((row) => row && { ...row, title: `title ${row.number}` });
  const present = rows.filter((row) => row !== null);
  return {
    Query: {
      cases: (_, { first }) => rows.slice(0, first),
      grid: () => Array.from({ length: Math.ceil(present.length / 3) }, (_, i) => (i % 4 === 3 ? null : present.slice(i * 3, i * 3 + 3))),
      case: (_, { number, departmentCode }) => ({ number, departmentCode, title: `title ${number}` }),
      items: () => present.map(itemOf),
    },
    Case: {
      item: (row: CaseRow) => (row.number.endsWith('7') ? null : itemOf(row)),
      related: (row: CaseRow) =>
        row.number.endsWith('3')
          ? null
          : [present[(Number(row.number) + 1) % present.length], null, present[(Number(row.number) + 2) % present.length]],
      __resolveReference: (row: CaseRow) => ({ ...row, title: `title ${row.number}` }),
    },
    ServiceItem: {
      cases: (item: { departmentCode: string }) =>
        present.filter(({ departmentCode }) => departmentCode === item.departmentCode).slice(0, 2),
      __resolveReference: (item: object) => ({ ...item, name: 'item' }),
    },
  };
}

const itemOf = ({ number, departmentCode }: CaseRow) => ({
  code: `i${Number(number) % 3}`,
  departmentCode,
  name: `item ${Number(number) % 3}`,
});

/** A department that refuses any row but its own; without a code, one that has everybody's. */
function departmentResolvers(code: string | undefined, log: string[]): Resolvers {
  const own = (departmentCode: string) => {
    if (code !== undefined && departmentCode !== code) throw new GraphQLError(`${code} was asked for a row of ${departmentCode}`);
  };
  const at = '2026-03-02T01:00:00.000Z';
  const caseOf = ({ number, departmentCode }: CaseRow) => ({
    __typename: 'Case',
    number,
    departmentCode,
    receivedAt: at,
    steps:
      Number(number) % 5 === 0
        ? null
        : [{ code: 'r', name: `${departmentCode} reviews ${number}`, kind: 'COMPLIANCE_REVIEW', startedAt: at }],
    decision:
      Number(number) % 2 === 0
        ? null
        : {
            outcome: 'APPROVED',
            decidedAt: at,
            reviewRuleVersion: 1,
            seal: `${departmentCode} seal`,
            documentNumber: `${departmentCode}-${number}`,
          },
  });
  const act = (name: string) => (_: unknown, args: { departmentCode: string; caseNumber: string; stepCode?: string }) => {
    own(args.departmentCode);
    log.push(`${name} ${args.departmentCode} ${args.caseNumber}`);
    return caseOf({ number: args.caseNumber, departmentCode: args.departmentCode });
  };
  const mutations = ['startStep', 'finishStep', 'finishSpecialProcedure', 'issueCertificate'];
  return {
    Query: {
      departmentItems: (_, { departmentCode }) => {
        own(departmentCode);
        return [0, 1].map((i) => ({
          code: `i${i}`,
          departmentCode,
          name: `${departmentCode} ${i}`,
          kind: 'LICENSE',
          state: 'ACTIVE',
          guide: guideOf(departmentCode),
        }));
      },
      caseEventPage: (_, { departmentCode, first }) => {
        own(departmentCode);
        return Array.from({ length: first }, (_, i) => ({
          id: `${departmentCode}${i}`,
          cursor: `${i}`,
          departmentCode,
          caseNumber: `${i}`,
          kind: 'RECEIVED',
          occurredAt: at,
        }));
      },
    },
    Mutation: Object.fromEntries(mutations.map((name) => [name, act(name)])),
    Case: {
      __resolveReference: (row: CaseRow) => {
        own(row.departmentCode);
        return caseOf(row);
      },
    },
    ServiceItem: {
      __resolveReference: (item: { code: string; departmentCode: string }) => {
        own(item.departmentCode);
        return {
          ...item,
          guide: guideOf(item.departmentCode),
          approvalFlow:
            item.code === 'i1' ? null : [{ code: 'a', name: `flow of ${item.departmentCode}`, kind: 'DECISION', offSite: false }],
        };
      },
    },
  };
}

const guideOf = (departmentCode: string) => ({
  version: 2,
  publishedAt: '2026-01-01T00:00:00.000Z',
  itemName: `${departmentCode} item`,
  implementingBody: departmentCode,
  legalBasis: ['law'],
  conditions: [],
  materials: [{ code: 'm', name: `${departmentCode} form`, required: true, copies: 1, electronic: true, shared: false }],
  commonErrors: [],
  formFields: [],
  fee: 'none',
  process: [],
  statutoryDays: 20,
  promisedDays: 10,
  resultName: 'licence',
  result: 'CERTIFICATE',
  consultation: [],
});

const refuse =
  (code: string) =>
  (row: CaseRow): never => {
    throw new GraphQLError(`the extension of ${code} was asked for a row of ${row.departmentCode}`);
  };

function extensionResolvers(code: string, foreign: (row: CaseRow) => null = refuse(code)): Resolvers {
  return {
    Query: { drugNotices: () => ['notice'] },
    Case: {
      __resolveReference: (row: CaseRow) => {
        if (row.departmentCode !== code) return foreign(row);
        return { ...row, samples: [`${row.number} a`], laboratory: `${code} laboratory` };
      },
    },
  };
}

/** So many cases, departments in no order, a row repeated and one missing now and then. */
export function mixedCases(count: number): (CaseRow | null)[] {
  return Array.from({ length: count }, (_, i) => {
    if (i % 17 === 16) return null;
    const number = i % 11 === 10 ? i - 3 : i;
    return { number: `${number}`, departmentCode: DEPARTMENTS[(number * 7 + (number % 4)) % 3] as string };
  });
}
