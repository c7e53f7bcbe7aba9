import type { AlertRule } from '../types/enums.js';
import { decidedWithoutRules } from './decided-without-rules.js';
import { deliveryOverdue } from './delivery-overdue.js';
import { limitNear } from './limit-near.js';
import { notDispatched } from './not-dispatched.js';
import { noticeLate, noticeLateByLaw } from './notice-late.js';
import { pausedTooLong } from './paused-too-long.js';
import { procedureOverTold } from './procedure-over-told.js';
import { promisedOverdue } from './promised-overdue.js';
import { refusedWithoutReasons } from './refused-without-reasons.js';
import type { CaseRule } from './rule.js';
import { secondNotice } from './second-notice.js';
import { stalled } from './stalled.js';
import { statutoryOverdue } from './statutory-overdue.js';
import { stepOverdue } from './step-overdue.js';

/** The rules that look at an application and its case. Those of items, and of numbers nobody gave, have nothing to wait for. */
export const CASE_RULES: Readonly<Partial<Record<AlertRule, CaseRule>>> = {
  NOTICE_LATE: noticeLate,
  NOTICE_LATE_BY_LAW: noticeLateByLaw,
  SECOND_NOTICE: secondNotice,
  NOT_DISPATCHED: notDispatched,
  LIMIT_NEAR: limitNear,
  PROMISED_OVERDUE: promisedOverdue,
  STATUTORY_OVERDUE: statutoryOverdue,
  STEP_OVERDUE: stepOverdue,
  STALLED: stalled,
  PAUSED_TOO_LONG: pausedTooLong,
  PROCEDURE_OVER_TOLD: procedureOverTold,
  DELIVERY_OVERDUE: deliveryOverdue,
  DECIDED_WITHOUT_RULES: decidedWithoutRules,
  REFUSED_WITHOUT_REASONS: refusedWithoutReasons,
};
