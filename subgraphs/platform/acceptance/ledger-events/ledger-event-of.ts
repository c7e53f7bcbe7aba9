import type { HolidayNotice } from '../../../kit/calendar/holiday-notice.js';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import type { AcceptanceContext } from '../context.js';
import { text, wholeNumber } from '../following/told-values.js';
import type { LedgerEvent } from '../types/ledger-event.js';
import { isCaseEvent, NOTICE_LOADED, UNKNOWN_CASE } from './kinds.js';
import { type LedgerFacts, ledgerFacts } from './ledger-facts.js';

const NOTHING = {
  itemCode: null,
  caseNumber: null,
  applicationId: null,
  channel: null,
  submittedAt: null,
  promisedDays: null,
  statutoryDays: null,
  stepCode: null,
  stepKind: null,
  stepLimitDays: null,
  procedureKind: null,
  expectedDays: null,
  extensionDays: null,
  outcome: null,
  hasReasons: null,
  reviewRuleVersion: null,
  certificateNumber: null,
  deliveryChannel: null,
  noticeOrdinal: null,
  complex: null,
  calendarNotice: null,
};

/** An event of the ledger's feed as the platform's own followers get it. */
export async function ledgerEventOf(event: FeedEvent, context: AcceptanceContext): Promise<LedgerEvent> {
  const { id, kind, occurredAt, scope, subject, payload } = event;
  const common = {
    ...NOTHING,
    id,
    cursor: context.ledger.feed.cursorOf(event),
    kind,
    occurredAt,
    recordedAt: instant(payload['recordedAt']) ?? occurredAt,
    departmentCode: scope,
    itemCode: text(payload['itemCode']),
    channel: text(payload['channel']),
    submittedAt: instant(payload['submittedAt']),
  };
  if (kind === NOTICE_LOADED) return { ...common, calendarNotice: payload as unknown as HolidayNotice };
  if (kind === UNKNOWN_CASE) return { ...common, caseNumber: subject };
  if (!isCaseEvent(event)) {
    const complex = typeof payload['complex'] === 'boolean' ? payload['complex'] : null;
    return { ...common, applicationId: subject, noticeOrdinal: wholeNumber(payload['noticeOrdinal']), complex };
  }
  const { recordedAt, ...facts } = await factsOf(event, context);
  const row = common.submittedAt === null && kind === 'ACCEPTED' ? await context.loaders.applicationById.load(facts.applicationId) : null;
  return {
    ...common,
    ...facts,
    recordedAt: new Date(recordedAt),
    caseNumber: subject,
    submittedAt: common.submittedAt ?? row?.submittedAt ?? null,
  };
}

/** Events carry their facts since there are followers; those from before are read from the timeline. */
async function factsOf({ id, subject, payload }: FeedEvent, { loaders }: AcceptanceContext): Promise<LedgerFacts> {
  if (typeof payload['channel'] === 'string') {
    const facts = payload as unknown as LedgerFacts;
    const { channel, promisedDays, statutoryDays, applicationId, recordedAt, stepCode, stepKind, procedureKind } = facts;
    const { expectedDays, extensionDays, outcome, hasReasons, reviewRuleVersion, certificateNumber, deliveryChannel } = facts;
    return {
      channel,
      promisedDays,
      statutoryDays,
      applicationId,
      recordedAt,
      stepCode,
      stepKind,
      procedureKind,
      expectedDays,
      extensionDays,
      outcome,
      hasReasons,
      reviewRuleVersion,
      certificateNumber,
      deliveryChannel,
    };
  }
  const [row, entry] = await Promise.all([loaders.caseByNumber.load(subject), loaders.progressByEvent.load(id)]);
  if (row === null || entry === null) throw new Error('the feed tells of progress that no timeline has');
  return ledgerFacts(row, entry);
}

function instant(value: unknown): Date | null {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
