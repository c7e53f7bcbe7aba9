import { buildSchema, GraphQLError, getVariableValues, type OperationDefinitionNode, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { loggableError } from '../../../../subgraphs/kit/errors/loggable-error.js';
import { valueFreeMessage } from '../../../../subgraphs/kit/errors/value-free-message.js';
import { CONSUMER_TABLES, feedCursors } from '../../../../subgraphs/kit/feed/feed-tables.js';
import * as mysql from '../../../../subgraphs/kit/feed/migrations/mysql.js';
import * as sqlite from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { STORES } from '../../../support/stores.js';

const SECRET = '11010519491231002X';

describe.each(STORES)('an error of $name', ({ skip, open }) => {
  test.skipIf(skip)('is logged without the values of the statement', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'errors'), {
      tables: CONSUMER_TABLES,
      migrations: { sqlite: sqlite.consumerMigrations, mysql: mysql.consumerMigrations },
    });
    const insert = () => store.fork().insert(feedCursors, { source: SECRET, cursor: SECRET, updatedAt: new Date() });
    await insert();
    const error: Error = await insert().then(
      () => new Error('it was taken twice'),
      (failure) => failure,
    );
    const logged = [loggableError(error), loggableError(new GraphQLError(error.message, { originalError: error }))];
    expect(JSON.stringify(logged)).not.toContain(SECRET);
    expect(logged[0]).toMatchObject({ type: 'UniqueConstraintViolationException', stack: expect.stringContaining('    at ') });
    expect(logged[1]?.cause?.type).toBe('UniqueConstraintViolationException');
  });
});

describe('an error', () => {
  test('is logged with its message, code and cause, when they speak of no values', () => {
    const error = Object.assign(new Error('broken', { cause: new TypeError('deeper') }), { code: 'E1' });
    expect(loggableError(error)).toMatchObject({
      type: 'Error',
      message: 'broken',
      code: 'E1',
      cause: { type: 'TypeError', message: 'deeper' },
    });
    expect(JSON.stringify(loggableError(SECRET))).not.toContain(SECRET);
  });
});

describe("GraphQL's complaint about a value", () => {
  const schema = buildSchema('type Query { a(input: In, n: Int, k: [K!]): Int } input In { id: String! inner: In } enum K { X }');

  test.each([
    ['$input: In', { input: { id: 110105194912310016 } }],
    ['$input: In', { input: { id: 'a', inner: { id: { x: SECRET } } } }],
    ['$input: In', { input: SECRET }],
    ['$n: Int', { n: SECRET }],
    ['$k: [K!]', { k: [SECRET] }],
    ['$k: [K!]', { k: [{ a: `"; at "x"; ${SECRET}` }] }],
    ['$input: In', { input: { id: 'a', nothing: SECRET } }],
  ])('%s %j tells the place and not the value', (declared, variables) => {
    const name = declared.split(':')[0] as string;
    const operation = parse(`query(${declared}) { a(${name.slice(1)}: ${name}) }`).definitions[0] as OperationDefinitionNode;
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    expect(errors?.length).toBeGreaterThan(0);
    for (const { message } of errors ?? []) {
      expect(valueFreeMessage(message)).toMatch(new RegExp(`^Variable "\\${name}" has an invalid value`));
      expect(valueFreeMessage(message)).not.toMatch(/1101051949|002X/);
    }
  });

  test.each([
    'a(n: "11010519491231002X")',
    'a(input: {id: 110105194912310021})',
    'a(input: "11010519491231002X")',
    'a(k: [A11010519491231002X])',
  ])('%s in the document is told without it', (field) => {
    const errors = validate(schema, parse(`{ ${field} }`));
    expect(errors.length).toBeGreaterThan(0);
    for (const { message } of errors) expect(valueFreeMessage(message)).not.toMatch(/1101051949|002X/);
  });

  test('other messages stay as they are', () => {
    const message = 'Cannot query field "b" on type "Query". Did you mean "a"?';
    expect(valueFreeMessage(message)).toBe(message);
  });
});
