import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningGateway } from '../../../gateway/server/start-gateway.js';
import { startProvince } from './small-province.js';
import { startTestGateway } from './test-gateway.js';

describe('GraphQL over HTTP, by the audits of graphql-http', () => {
  const stack = new AsyncDisposableStack();
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = stack.use(await startTestGateway(stack.use(await startProvince()).document()));
  });
  afterAll(() => stack.disposeAsync());

  for (const { id, name, fn } of serverAudits({ url: () => gateway.url, fetchFn: fetch })) {
    test(`${id} ${name}`, async () => {
      const result = await fn();
      expect(result.status === 'ok' ? 'ok' : result.reason).toBe('ok');
    });
  }
});
