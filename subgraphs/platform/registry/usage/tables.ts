import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** An operation that clients ran, without its literals: what they asked, not about whom. */
export const operations = defineEntity({
  name: 'Operation',
  tableName: 'operation',
  properties: {
    hash: p.string().length(64).primary(),
    name: p.string().length(200),
    document: p.json<{ text: string }>(),
    firstSeen: p.datetime(3),
  },
});

/** How often a client ran an operation, and when it last did. */
export const operationUses = defineEntity({
  name: 'OperationUse',
  tableName: 'operation_use',
  indexes: [{ properties: ['lastSeen'] }],
  properties: {
    hash: p.string().length(64).primary(),
    client: p.string().length(64).primary(),
    count: p.bigint('number'),
    lastSeen: p.datetime(3),
  },
});
export type OperationUseRow = InferEntity<typeof operationUses>;

/** What an operation touches: every field, argument and type, by coordinate. */
export const operationFields = defineEntity({
  name: 'OperationField',
  tableName: 'operation_field',
  properties: {
    coordinate: p.string().length(300).primary(),
    hash: p.string().length(64).primary(),
  },
});
