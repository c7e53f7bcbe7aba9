import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { SubgraphFetch } from '../../../gateway/execution/subgraph-fetch.js';
import { resumptionOf } from '../../../gateway/subscriptions/resumption.js';

const schema = buildSchema(/* GraphQL */ `
  scalar Cursor
  type Query { a: Int }
  type Event { cursor: Cursor! number: Int }
  type Subscription { events(after: Cursor, only: String): Event!  plain(only: String): Event!  unnamed(after: Cursor): Int }
`);
const primary = (query: string, variables?: Record<string, unknown>): SubgraphFetch => ({
  target: { subgraph: 's' },
  query,
  kind: 'subscription',
  ...(variables && { variables }),
});

describe('a subscription is taken up again', () => {
  test.for([
    ['after nothing', 'subscription { events { cursor } }', undefined, undefined],
    ['after a variable', 'subscription A($x: Cursor) { events(after: $x) { cursor } }', { x: 'c1' }, 'c1'],
    ['after a literal', 'subscription { events(after: "c2", only: "o") { cursor } }', undefined, 'c2'],
    ['with a variable that others use too', 'subscription($x: String) { events(only: $x) { cursor number } }', { x: 'o' }, undefined],
    [
      'with a variable whose name begins alike',
      'subscription($x: Cursor, $x1: String) { events(after: $x, only: $x1) { cursor } }',
      { x: 'c', x1: 'o' },
      'c',
    ],
  ] as const)('begun %s', ([, query, variables, startedAfter]) => {
    const resumption = resumptionOf(primary(query, variables), schema);
    expect(resumption?.startedAfter).toBe(startedAfter);
    const resumed = resumption?.after('c9');
    expect(validate(schema, parse(resumed?.query ?? ''))).toEqual([]);
    expect(resumed?.query).toContain('after: $resumeAfter');
    expect(resumed?.variables).toMatchObject({ resumeAfter: 'c9' });
  });

  test('by the cursor under whatever name it is selected', () => {
    const aliased = resumptionOf(primary('subscription { e: events { ... on Event { at: cursor } } }'), schema);
    expect(aliased?.cursorOf({ data: { e: { at: 'c3' } } })).toBe('c3');
    expect(aliased?.cursorOf({ data: { e: null } })).toBeUndefined();
    expect(aliased?.cursorOf({ data: null })).toBeUndefined();
  });

  test.for([
    ['that has no `after`', 'subscription { plain { cursor } }'],
    ['whose cursor is not read', 'subscription { events { number } }'],
    ['without events of a type', 'subscription { unnamed }'],
  ] as const)('not one %s', ([, query]) => {
    expect(resumptionOf(primary(query), schema)).toBeUndefined();
  });
});
