import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Endpoints } from '../../../gateway/fetching/endpoints.js';
import { SubgraphClient } from '../../../gateway/fetching/subgraph-client.js';
import { AUDIT_STORE } from '../../../subgraphs/kit/audit/audit-store.js';
import { ExchangeKeys } from '../../../subgraphs/kit/exchange/exchange-keys.js';
import { type ExchangeLog, StoredExchangeLog } from '../../../subgraphs/kit/exchange/exchange-log.js';
import { ExchangeSender } from '../../../subgraphs/kit/exchange/sender.js';
import { openStore } from '../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../subgraphs/kit/store/store-address.js';
import { openFiles } from '../../support/stores.js';
import { startTestSubgraph, type TestSubgraph } from './test-subgraph.js';

const SDL = 'type Query { who: String } type Mutation { act: String }';
const silent = pino({ level: 'silent' });
const lost = () => Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:3306'), { code: 'ECONNREFUSED' });

let stack: AsyncDisposableStack;
let peer: TestSubgraph;
let acted: number;
let onAct: () => Promise<unknown>;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  acted = 0;
  onAct = async () => {};
  const act = () => onAct().then(() => `done ${++acted}`);
  peer = stack.use(await startTestSubgraph({ name: 'drug', sdl: SDL, resolvers: { Query: { who: () => 'x' }, Mutation: { act } } }));
});
afterEach(() => stack.disposeAsync());

async function act(log: ExchangeLog) {
  const files = stack.use(await openFiles());
  const keys = new ExchangeKeys(files.url.slice('file:'.length), 'ed25519');
  const exchange = new ExchangeSender('platform', keys, log, () => new Date());
  const client = stack.use(new SubgraphClient({ logger: silent, exchange }));
  const ask = client.fetcher(new Endpoints([], [{ name: 'drug', url: peer.url }]));
  return ask(
    { target: { subgraph: 'drug' }, kind: 'mutation', query: 'mutation { act }' },
    {
      caller: { subject: 'somebody', roles: [], requestId: '1' },
      signal: new AbortController().signal,
    },
  );
}

test('a mutation that can not be put on record is not sent, and its failure is the store that is down, not the subgraph', async () => {
  const failure = await act(new StoredExchangeLog(Promise.reject(lost()), silent)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.not.stringContaining('10.0.0.7') });
  expect(acted).toBe(0);
});

test('a mutation that was answered is answered, whether or not its end can be put on record', async () => {
  const files = stack.use(await openFiles());
  const store = stack.use(await openStore(storeAddress(files.url, 'gateway-audit'), AUDIT_STORE));
  // nothing can be recorded any more once the mutation is under way
  onAct = () => store.fork().execute('drop table exchange_record');
  expect(await act(new StoredExchangeLog(store, silent))).toMatchObject({ data: { act: 'done 1' } });
});
