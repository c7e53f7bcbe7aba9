import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** One record, at its place in the chain. Rows are inserted, never changed. */
export const auditRecords = defineEntity({
  name: 'AuditRecord',
  tableName: 'audit_record',
  indexes: [{ properties: ['subject', 'position'] }, { properties: ['requestId'] }],
  properties: {
    position: p.bigint('number').primary().autoincrement(false),
    /** Milliseconds since 1970: a number is the same text in every database. */
    at: p.bigint('number'),
    subject: p.string().length(64).nullable(),
    roles: p.string().length(200),
    action: p.string().length(120),
    object: p.string().length(250),
    outcome: p.string().length(64),
    requestId: p.string().length(64),
    count: p.integer(),
    /** Of the record before; zeros for the first. */
    previous: p.string().length(64),
    /** Of everything above, `previous` and the position included. */
    hash: p.string().length(64),
  },
});
export type AuditRow = InferEntity<typeof auditRecords>;

/** Where the chain ends; its row lock is what keeps writers in one line. */
export const auditHeads = defineEntity({
  name: 'AuditHead',
  tableName: 'audit_head',
  properties: {
    name: p.string().length(16).primary(),
    position: p.bigint('number'),
    hash: p.string().length(64),
  },
});
