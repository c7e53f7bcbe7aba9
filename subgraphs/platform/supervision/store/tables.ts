import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { sealedText } from '../../../kit/privacy/sealed-columns.js';
import type { StoredFact } from '../facts/case-fact.js';
import type { ItemVersion } from '../facts/item-history.js';
import type { Contribution } from '../figures/contribution.js';
import type { AlertLevel, AlertMoveKind, AlertRule, AlertState } from '../types/enums.js';

/** One application and the case it became: what its rules need, and when it is next to be looked at. */
export const supervisedCases = defineEntity({
  name: 'SupervisedCase',
  tableName: 'supervised_case',
  indexes: [
    // by when something is due: timers read the beginning of it, however many cases there are
    { properties: ['nextCheckAt', 'id'] },
    { properties: ['departmentCode', 'itemCode'] },
    { properties: ['caseNumber'] },
    { properties: ['pending', 'id'] },
  ],
  properties: {
    /** See {@link applicationSubject}. */
    id: p.string().length(120).primary().ignoreSchemaChanges('collation'),
    departmentCode: p.string().length(32),
    itemCode: p.string().length(64).nullable(),
    caseNumber: p.string().length(64).nullable().ignoreSchemaChanges('collation'),
    channel: p.string().length(16).nullable(),
    promisedDays: p.integer().nullable(),
    statutoryDays: p.integer().nullable(),
    facts: p.json<StoredFact[]>(),
    /** What it has added to the figures, so that exactly that can be taken back. */
    contributions: p.json<Contribution[]>(),
    /** When something arises, or ends by itself, should nothing happen; null when nothing will. */
    nextCheckAt: p.datetime(3).nullable(),
    /** Whether something waits for the holiday notice of its year. */
    pending: p.boolean(),
    version: p.integer().version(),
  },
});
export type SupervisedCaseRow = InferEntity<typeof supervisedCases>;

/** The catalogue's items, as its feed tells them, with what was in force when. */
export const supervisedItems = defineEntity({
  name: 'SupervisedItem',
  tableName: 'supervised_item',
  properties: {
    departmentCode: p.string().length(32).primary(),
    code: p.string().length(64).primary(),
    history: p.json<ItemVersion[]>(),
  },
});
export type SupervisedItemRow = InferEntity<typeof supervisedItems>;

/** Something that supervision found. There is one for each subject, rule and occurrence. */
export const alerts = defineEntity({
  name: 'AlertRecord',
  tableName: 'alert',
  indexes: [
    { properties: ['subject'] },
    { properties: ['caseNumber', 'place', 'id'] },
    { properties: ['place', 'id'] },
    { properties: ['inHand', 'place', 'id'] },
    { properties: ['state', 'place', 'id'] },
    { properties: ['rule', 'inHand', 'place', 'id'] },
    { properties: ['departmentCode', 'place', 'id'] },
    { properties: ['departmentCode', 'inHand', 'place', 'id'] },
    { properties: ['departmentCode', 'state', 'place', 'id'] },
  ],
  properties: {
    /** Made of subject, rule and occurrence: a second one of the same can't be stored. */
    id: p.string().length(40).primary(),
    /** The case, item or number it is about, see subjects.ts. */
    subject: p.string().length(120).ignoreSchemaChanges('collation'),
    rule: p.string().length(32).$type<AlertRule>(),
    occurrence: p.string().length(80),
    level: p.string().length(8).$type<AlertLevel>(),
    state: p.string().length(24).$type<AlertState>(),
    /** Whether somebody still has to do something. */
    inHand: p.boolean(),
    /** Its place in lists: the gravest first, then what was due first. */
    place: p.string().length(24),
    departmentCode: p.string().length(32),
    itemCode: p.string().length(64).nullable(),
    caseNumber: p.string().length(64).nullable().ignoreSchemaChanges('collation'),
    arisenAt: p.datetime(3),
    raisedAt: p.datetime(3),
    /** The limit that it is about. */
    dueAt: p.datetime(3).nullable(),
    overAt: p.datetime(3).nullable(),
    /** By when a correction order is to be answered. */
    orderDueAt: p.datetime(3).nullable(),
    detail: p.json<Record<string, string | number>>(),
    moveCount: p.integer(),
    version: p.integer().version(),
  },
});
export type AlertRow = InferEntity<typeof alerts>;

/** What happened to an alert, in order. */
export const alertMoves = defineEntity({
  name: 'AlertMoveRecord',
  tableName: 'alert_move',
  properties: {
    alertId: p.string().length(40).primary(),
    ordinal: p.integer().primary().autoincrement(false),
    kind: p.string().length(24).$type<AlertMoveKind>(),
    at: p.datetime(3),
    /** A digest of who did it; null for what came about by itself. */
    actor: p.string().length(64).nullable(),
    /** The office it was done from; null for what came about by itself. */
    role: p.string().length(48).nullable(),
    /** What was demanded, answered or concluded. People write names in such texts. */
    text: sealedText('WRITING', 'alert_move.text').nullable(),
    dueAt: p.datetime(3).nullable(),
  },
});
export type AlertMoveRow = InferEntity<typeof alertMoves>;

/** How many alerts there are of each kind, kept with the alerts, so that nobody counts. */
export const alertTallies = defineEntity({
  name: 'AlertTally',
  tableName: 'alert_tally',
  properties: {
    departmentCode: p.string().length(32).primary(),
    rule: p.string().length(32).primary().$type<AlertRule>(),
    level: p.string().length(8).primary().$type<AlertLevel>(),
    state: p.string().length(24).primary().$type<AlertState>(),
    count: p.integer(),
  },
});
export type AlertTallyRow = InferEntity<typeof alertTallies>;

/** What happened on one day in China with the cases of one item and channel; the sums that every figure is made of. */
export const caseFigures = defineEntity({
  name: 'CaseFigureRecord',
  tableName: 'case_figure',
  indexes: [{ properties: ['departmentCode', 'day'] }],
  properties: {
    day: p.string().length(10).primary(),
    departmentCode: p.string().length(32).primary(),
    itemCode: p.string().length(64).primary(),
    channel: p.string().length(16).primary(),
    accepted: p.integer(),
    decided: p.integer(),
    approved: p.integer(),
    refused: p.integer(),
    /** Decided within the promised and the statutory limit; of what was approved or refused. */
    inPromised: p.integer(),
    inStatutory: p.integer(),
    /** Sums over what was approved or refused. */
    workingDays: p.integer(),
    promisedDays: p.integer(),
    statutoryDays: p.integer(),
  },
});
export type CaseFigureRow = InferEntity<typeof caseFigures>;
