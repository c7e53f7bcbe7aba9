import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { AUDIT_STORE } from '../../../../subgraphs/kit/audit/audit-store.js';
import type { AuditTrail } from '../../../../subgraphs/kit/audit/audit-trail.js';
import { CataloguedError } from '../../../../subgraphs/kit/errors/catalogued-error.js';
import { ExchangeKeys } from '../../../../subgraphs/kit/exchange/exchange-keys.js';
import { StoredExchangeLog } from '../../../../subgraphs/kit/exchange/exchange-log.js';
import { ExchangeReceiver } from '../../../../subgraphs/kit/exchange/receiver.js';
import { ExchangeSender } from '../../../../subgraphs/kit/exchange/sender.js';
import { callSubgraph } from '../../../../subgraphs/kit/server/call-subgraph.js';
import { serveSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { caller, testEnvironment } from '../../../support/environment.js';
import { openFiles } from '../../../support/stores.js';

test.for([
  ['STORE_UNAVAILABLE', 200],
  ['STORE_NOT_WRITABLE', 200],
  ['UNAUTHENTICATED', 401],
] as const)(
  '%s before an operation begins is answered with %i: callers pass on what a store says, and refuse who may not ask',
  async ([code, status]) => {
    const { verifier, log, tokens } = await testEnvironment('memory:');
    await using subgraph = await serveSubgraph({
      name: 'things',
      schema: buildSchema('type Query { thing: Int }'),
      context: () => {
        throw new CataloguedError(code, 'not now');
      },
      verifier,
      log,
    });
    const response = await fetch(subgraph.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: await tokens.authorization('things', caller('a', 'window')) },
      body: '{"query":"{ thing }"}',
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  },
);

const lost = () => Object.assign(new Error('Connection lost: The server closed the connection.'), { code: 'PROTOCOL_CONNECTION_LOST' });

test('a refusal is told, whether or not it can be put on record', async () => {
  const { verifier, log, tokens, clock } = await testEnvironment('memory:');
  const schema = buildSchema('type Query { thing: Int }');
  const thing = schema.getQueryType()?.getFields()['thing'];
  Object.assign(thing ?? {}, {
    resolve: () => {
      throw new CataloguedError('FORBIDDEN', 'not yours');
    },
  });
  const audit = { record: () => Promise.reject(lost()), failures: 0 } as unknown as AuditTrail;
  const evidence = { audit, clock, sender: undefined, receiver: undefined, [Symbol.asyncDispose]: async () => {} };
  await using subgraph = await serveSubgraph({ name: 'things', schema, context: () => ({}), verifier, log, evidence });
  const response = await fetch(subgraph.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await tokens.authorization('things', caller('a', 'window')) },
    body: '{"query":"{ thing }"}',
  });
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
});

test('what a signed request came to is told, whether or not that can be put on record', async () => {
  await using files = await openFiles();
  const { verifier, log, tokens, clock } = await testEnvironment('memory:');
  await using store = await openStore(storeAddress(files.url, 'things-audit'), AUDIT_STORE);
  const keys = new ExchangeKeys(files.url.slice('file:'.length), 'ed25519');
  const exchanges = new StoredExchangeLog(store, log);
  const receiver = new ExchangeReceiver({ recipient: 'things', keys, log: exchanges, clock, mustBeSigned: () => true });
  const schema = buildSchema('type Query { thing: Int } type Mutation { act: Int }');
  // nothing can be recorded any more once the work is done
  Object.assign(schema.getMutationType()?.getFields()['act'] ?? {}, {
    resolve: () =>
      store
        .fork()
        .execute('drop table exchange_record')
        .then(() => 1),
  });
  const audit = { record: async () => {}, failures: 0 } as unknown as AuditTrail;
  const evidence = { audit, clock, sender: undefined, receiver, [Symbol.asyncDispose]: async () => {} };
  await using subgraph = await serveSubgraph({ name: 'things', schema, context: () => ({}), verifier, log, evidence });
  const data = await callSubgraph<{ act: number }>({
    url: subgraph.url,
    authorization: await tokens.authorization('things', caller('platform', 'platform')),
    query: 'mutation { act }',
    requestId: '1',
    signedFor: { sender: new ExchangeSender('platform', keys, exchanges, clock), recipient: 'things' },
  });
  expect(data).toEqual({ act: 1 });
});
