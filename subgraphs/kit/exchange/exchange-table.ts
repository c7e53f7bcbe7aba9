import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** One signed request, at the end that keeps this table. It has no content: whoever still has the body can prove it was this. */
export const exchangeRecords = defineEntity({
  name: 'ExchangeRecord',
  tableName: 'exchange_record',
  indexes: [{ properties: ['contentDigest'] }, { properties: ['requestId'] }, { properties: ['at'] }],
  // a nonce is good once: this is what refuses a replay, whichever instance it comes to
  uniques: [{ properties: ['direction', 'sender', 'nonce'] }],
  properties: {
    id: p.string().length(36).primary(),
    direction: p.string().length(8).$type<'SENT' | 'RECEIVED'>(),
    sender: p.string().length(32),
    recipient: p.string().length(32),
    at: p.datetime(3),
    method: p.string().length(8),
    path: p.string().length(250),
    requestId: p.string().length(64),
    nonce: p.string().length(64),
    contentDigest: p.string().length(100),
    signatureInput: p.string().length(500),
    signature: p.string().length(200),
    /** OK or an error code; null until it is known. */
    outcome: p.string().length(64).nullable(),
  },
});
export type ExchangeRow = InferEntity<typeof exchangeRecords>;
