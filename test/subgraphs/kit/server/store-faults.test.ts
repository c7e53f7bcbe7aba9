import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { CataloguedError } from '../../../../subgraphs/kit/errors/catalogued-error.js';
import { serveSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import { caller, testEnvironment } from '../../../support/environment.js';

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
