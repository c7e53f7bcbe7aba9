import { readFileSync } from 'node:fs';
import { buildASTSchema, GraphQLError, type GraphQLObjectType, type GraphQLSchema, parse } from 'graphql';
import { contractFile } from '../../../schema/composition/package-files.js';
import type { PlainCases, PlainInput } from './cases.js';
import type { Faults } from './faults.js';
import type { PlainFeed } from './feed.js';
import { PlainFollower } from './follower.js';
import { type MoveArguments, PlainMoves } from './moves.js';
import { Refusal } from './refusal.js';
import type { PlainCaller } from './tokens.js';

/** What a subgraph adds to its SDL when it serves it, as the Federation specification writes it. */
const FEDERATION = `
  scalar _Any
  union _Entity = Case | ServiceItem
  type _Service { sdl: String }
  extend type Query { _entities(representations: [_Any!]!): [_Entity]!  _service: _Service! }
`;

export interface PlainContext {
  caller: PlainCaller;
  /** Told of every follower that a subscription makes. */
  followed: (follower: PlainFollower) => void;
}

type Resolver = (args: Record<string, any>, context: PlainContext) => unknown;

/** The department's SDL, written by hand: it is the contract, without an extension. */
export function plainSdl(faults: Faults): string {
  const sdl = readFileSync(contractFile(), 'utf8');
  return faults.has('SDL lacks a member') ? sdl.replace('documentNumber: String\n', '') : sdl;
}

/** The contract in plain resolvers; SDL first, nothing generated. */
export function plainSchema(code: string, cases: PlainCases, feed: PlainFeed, faults: Faults): GraphQLSchema {
  const whole = readFileSync(contractFile(), 'utf8');
  const schema = buildASTSchema(parse(`${whole}\n${FEDERATION}`), { assumeValidSDL: true });
  const [queries, mutations] = [queryResolvers(code, cases, feed, faults), mutationResolvers(code, cases, faults)];
  const attach = (type: GraphQLObjectType | null | undefined, resolvers: Record<string, Resolver>) => {
    for (const [name, resolver] of Object.entries(resolvers)) {
      const field = type?.getFields()[name];
      if (field === undefined) throw new Error(`the contract has no ${name}`);
      field.resolve = (_root, args, context: PlainContext) => resolver(args, context);
    }
  };
  attach(schema.getQueryType(), queries);
  attach(schema.getMutationType(), mutations);
  const caseEvents = schema.getSubscriptionType()?.getFields()['caseEvents'];
  if (caseEvents === undefined) throw new Error('the contract has no caseEvents');
  caseEvents.subscribe = (_root, { departmentCode, after }: Record<string, string>, { caller, followed }: PlainContext) => {
    requireRole(caller, 'platform');
    requireOwn(code, departmentCode, faults.has('other department’s stream answered'));
    const follower = new PlainFollower(feed, after);
    followed(follower);
    return follower;
  };
  return schema;
}

function requireRole({ roles }: PlainCaller, role: string): void {
  if (!roles.includes(role)) throw new Refusal('FORBIDDEN', `this needs the role ${role}`);
}

function requireOwn(code: string, departmentCode: unknown, faulty: boolean): void {
  if (departmentCode !== code && !faulty) throw new Refusal('UNKNOWN_DEPARTMENT', 'this is another department');
}

function queryResolvers(code: string, cases: PlainCases, feed: PlainFeed, faults: Faults): Record<string, Resolver> {
  return {
    _service: () => ({ sdl: faults.has('no SDL') ? '' : plainSdl(faults) }),
    departmentItems({ departmentCode }, { caller }) {
      if (!faults.has('anyone reads the feed')) requireRole(caller, 'platform');
      requireOwn(code, departmentCode, faults.has('other department’s items answered'));
      const claimed = faults.has('item of another department') ? 'somebody-else' : code;
      return cases.items.map((item) => ({ ...item, departmentCode: claimed }));
    },
    caseEventPage({ departmentCode, after, first }, { caller }) {
      if (!faults.has('anyone reads the feed')) requireRole(caller, 'platform');
      requireOwn(code, departmentCode, faults.has('other department’s feed answered'));
      return feed.page(after as string, first as number);
    },
    _entities: ({ representations }) => entities(representations as Representation[], code, cases, faults),
  };
}

interface Representation {
  __typename: string;
  departmentCode: string;
  code: string;
  number: string;
}

let lastAsked: Representation[] = [];

async function entities(asked: Representation[], code: string, cases: PlainCases, faults: Faults): Promise<(object | null)[]> {
  let representations = asked;
  if (faults.has('concurrent requests mixed up')) {
    lastAsked = asked;
    await new Promise((resolve) => setTimeout(resolve, 30));
    representations = lastAsked;
  }
  if (asked.length === 0 && faults.has('empty list refused')) throw new Refusal('BAD_USER_INPUT', 'ask for something');
  if (faults.has('representations truncated')) representations = representations.slice(0, 500);
  if (faults.has('repeated keys answered once'))
    representations = [...new Map(representations.map((key) => [JSON.stringify(key), key])).values()];
  if (faults.has('entities in wrong order'))
    representations = representations.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (faults.has('types put together'))
    representations = representations.toSorted((a, b) => (a.__typename < b.__typename ? -1 : a.__typename > b.__typename ? 1 : 0));
  return representations.map((representation) => entity(representation, code, cases, faults));
}

function entity({ __typename, departmentCode, ...key }: Representation, own: string, cases: PlainCases, faults: Faults): object | null {
  if (__typename === 'Case') {
    if (departmentCode !== own && !faults.has('other department’s cases answered by key')) return null;
    return cases.shown(key.number);
  }
  if (__typename !== 'ServiceItem') {
    if (faults.has('unknown type answered')) return { __typename: 'ServiceItem', code: 'none', departmentCode: own };
    throw new Refusal('BAD_USER_INPUT', `${__typename} is no entity of this subgraph`);
  }
  if (departmentCode !== own && !faults.has('other department’s items answered by key')) return null;
  const item = faults.has('items not answered by key') ? undefined : cases.items.find(({ code }) => code === key.code);
  if (item === undefined && faults.has('unknown key throws')) throw new GraphQLError('Cannot read properties of undefined');
  if (item === undefined) return null;
  const guide = faults.has('guides differ') ? { ...item.guide, fee: '100 元' } : item.guide;
  return { ...item, __typename, departmentCode: own, guide };
}

const MOVES = [
  'startStep',
  'finishStep',
  'startSpecialProcedure',
  'finishSpecialProcedure',
  'extendLimit',
  'decide',
  'issueCertificate',
  'deliverResult',
];

function mutationResolvers(code: string, cases: PlainCases, faults: Faults): Record<string, Resolver> {
  const moves = new PlainMoves(cases);
  const made = (name: string): Resolver => {
    return (args, { caller }) => {
      if (!faults.has('anyone moves cases')) requireRole(caller, `department:${code}`);
      requireOwn(code, args['departmentCode'], faults.has('other department’s case moved'));
      return moves.make(name, args as MoveArguments);
    };
  };
  return {
    receiveCase({ departmentCode, input }, { caller }) {
      if (!faults.has('anyone pushes cases')) requireRole(caller, 'platform');
      requireOwn(code, departmentCode, faults.has('other department’s case received'));
      return cases.receive(input as PlainInput, departmentCode as string);
    },
    ...Object.fromEntries(MOVES.map((name) => [name, made(name)])),
  };
}
