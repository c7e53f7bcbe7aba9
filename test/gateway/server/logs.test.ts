import { describe, expect, test } from 'vitest';
import { createLogger } from '../../../gateway/observability/logger.js';
import { startProvince } from './small-province.js';
import { post, startTestGateway } from './test-gateway.js';

describe('the log', () => {
  test('never has a token or a variable in it, even when handed over', () => {
    const lines: string[] = [];
    const logger = createLogger('debug', { write: (line) => void lines.push(line) });
    logger.info(
      { authorization: 'Bearer s3cret', request: { headers: { authorization: 's3cret', cookie: 's3cret' }, variables: { id: 's3cret' } } },
      'x',
    );
    expect(lines.join('')).toContain('[removed]');
    expect(lines.join('')).not.toContain('s3cret');
  });

  test('of every level says what happened under the request id, and nothing that was sent', async () => {
    const lines: string[] = [];
    await using province = await startProvince();
    await using gateway = await startTestGateway(province.document(), {
      logger: createLogger('trace', { write: (line) => void lines.push(line) }),
    });
    province.drug.behaviour = 'html';
    const query = 'query($c: ID!) { item(code: $c) { name } cases { handling } }';
    await post(gateway.url, { query, variables: { c: '110101199003070000' } }, { 'x-request-id': 'r-42', authorization: 'Bearer s3cret' });
    await post(gateway.url, { query, variables: { c: { x: '110101199003070000' } } });
    const log = lines.join('');
    expect(log).toContain('"requestId":"r-42"');
    expect(log).toContain('a subgraph does not answer');
    expect(log).not.toMatch(/110101199003070000|s3cret/);
  });
});
