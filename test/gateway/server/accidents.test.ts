import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { clientError } from '../../../gateway/errors/client-error.js';
import { createLogger } from '../../../gateway/observability/logger.js';
import type { ClientIdentity } from '../../../gateway/security/client-identity.js';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import { startProvince } from './small-province.js';
import { post, socketTo, startTestGateway } from './test-gateway.js';

const SECRET = 'cannot reach db.internal:3306';

describe('an error nobody meant for clients', () => {
  test('is told neutrally, with its place', () => {
    const error = new GraphQLError(SECRET, { path: ['a'], originalError: new TypeError(SECRET), extensions: { hint: SECRET } });
    const told = clientError(error.toJSON(), error);
    expect(JSON.stringify(told)).not.toContain('db.internal');
    expect(told).toMatchObject({ path: ['a'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(JSON.stringify(clientError({ message: SECRET }, new Error(SECRET)))).not.toContain('db.internal');
  });

  test('is kept apart from those that are meant for them', () => {
    const catalogued = new CataloguedError('CONFLICT', 'read it again', { http: { status: 409 }, version: 2 });
    expect(clientError(catalogued.toJSON(), catalogued)).toEqual({
      message: 'read it again',
      extensions: { code: 'CONFLICT', version: 2 },
    });
    const wrapped = new GraphQLError('read it again', { originalError: catalogued });
    expect(clientError(wrapped.toJSON(), wrapped).message).toBe('read it again');
  });

  test('reaches the log with the request id, over HTTP', async () => {
    const lines: string[] = [];
    const identity: ClientIdentity = {
      establish: async () => {
        throw new Error(SECRET);
      },
    };
    await using province = await startProvince();
    await using gateway = await startTestGateway(province.document(), {
      identity,
      logger: createLogger('error', { write: (line) => void lines.push(line) }),
    });
    const { status, errors } = await post(gateway.url, { query: '{ items { code } }' }, { 'x-request-id': 'r-1' });
    expect(status).toBe(500);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    expect(JSON.stringify(errors)).not.toContain('db.internal');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ requestId: 'r-1', err: expect.objectContaining({ message: SECRET }) }),
    );
    await using client = socketTo(gateway);
    const closed = new Promise((resolve) => client.on('closed', (event: any) => resolve(event.code)));
    client.subscribe({ query: '{ items { code } }' }, { next() {}, error() {}, complete() {} });
    expect(await closed).toBe(4500);
  });
});
