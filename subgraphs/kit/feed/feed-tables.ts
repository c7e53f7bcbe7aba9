import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { sealedJsonWhereKept } from '../privacy/sealed-columns.js';

/** One event, at its place in the feed. Positions are gapless and in commit order. */
export const feedEvents = defineEntity({
  name: 'FeedEvent',
  tableName: 'feed_event',
  indexes: [{ properties: ['subject', 'position'] }, { properties: ['scope', 'position'] }],
  properties: {
    position: p.bigint('number').primary().autoincrement(false),
    id: p.string().length(64).unique(),
    kind: p.string().length(48),
    /** Whom it concerns: a department's code. */
    scope: p.string().length(32),
    /** What it concerns: a case number, an item code, … */
    subject: p.string().length(64),
    /** A department's has what officers wrote: opinions, reasons. */
    payload: sealedJsonWhereKept<Record<string, unknown>>('feed_event.payload'),
    occurredAt: p.datetime(3),
  },
});
export type FeedEventRow = InferEntity<typeof feedEvents>;

/** The feed's last position; its row lock is what puts writers in order. */
export const feedHeads = defineEntity({
  name: 'FeedHead',
  tableName: 'feed_head',
  properties: {
    name: p.string().length(48).primary(),
    feedId: p.string().length(36),
    position: p.bigint('number'),
    /** Events up to this position are no longer kept; 0 while all are. */
    pruned: p.bigint('number'),
  },
});

/** Where the feed ended at a moment: how old an event is at least, whatever it says of itself. */
export const feedMarks = defineEntity({
  name: 'FeedMark',
  tableName: 'feed_mark',
  properties: {
    position: p.bigint('number').primary().autoincrement(false),
    markedAt: p.datetime(3),
  },
});

/** How far a consumer has applied a source, saved with what it applied. */
export const feedCursors = defineEntity({
  name: 'FeedCursor',
  tableName: 'feed_cursor',
  properties: {
    source: p.string().length(96).primary(),
    cursor: p.string().length(512),
    updatedAt: p.datetime(3),
    /** The code with which the source refused the cursor, when it does not know the event any more: it was set back, or begun anew. */
    rewoundCode: p.string().length(32).nullable(),
    /** Since when; nothing is applied from there on. */
    rewoundAt: p.datetime(3).nullable(),
  },
});

/** Events of other feeds that were applied here; an id that is in it is never applied again. */
export const appliedEvents = defineEntity({
  name: 'AppliedEvent',
  tableName: 'feed_applied',
  properties: {
    source: p.string().length(96).primary(),
    /** The id itself, or its SHA-256 where a store could mistake it for another. */
    eventId: p.string().length(64).primary(),
    /** Why it had no effect, when it was refused: kept as evidence, never dropped silently. */
    refusal: p.string().length(500).nullable(),
    appliedAt: p.datetime(3),
  },
});

export const PRODUCER_TABLES = [feedEvents, feedHeads, feedMarks] as const;
export const CONSUMER_TABLES = [feedCursors, appliedEvents] as const;
