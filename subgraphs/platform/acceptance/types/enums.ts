import { graphEnum } from '../../../kit/schema/graph-enum.js';

export { graphEnum };

export const APPLICANT_KINDS = graphEnum('ApplicantKind', '申请人类型。The kinds of applicants.', {
  NATURAL_PERSON: '自然人 natural person',
  ENTERPRISE: '企业法人 enterprise',
  PUBLIC_INSTITUTION: '事业法人 public institution',
  SOCIAL_ORGANISATION: '社会组织法人 social organisation',
  UNINCORPORATED_ENTERPRISE: '非法人企业 unincorporated enterprise',
  GOVERNMENT_BODY: '行政机关 government body',
  OTHER: '其他组织 other organisation',
});
export type ApplicantKind = keyof typeof APPLICANT_KINDS;

export const APPLICATION_CHANNELS = graphEnum('ApplicationChannel', '申请渠道(第十九条)。How an application was handed in (Art. 19).', {
  ONLINE: '网上 online',
  WINDOW: '窗口 at a window',
  POST: '邮寄 by post',
});
export type ApplicationChannel = keyof typeof APPLICATION_CHANNELS;

export const MATERIAL_SOURCES = graphEnum('MaterialSource', '材料来源。Where a material came from.', {
  PAPER: '纸质收取 handed in on paper',
  ELECTRONIC: '电子上传 uploaded',
  CERTIFICATE_LIBRARY: '电子证照库 from the library of certificates',
  SHARED: '数据共享 shared by another body',
  OTHER: '其他 other',
});
export type MaterialSource = keyof typeof MATERIAL_SOURCES;

export const APPLICATION_STATES = graphEnum('ApplicationState', '申请状态。What has become of an application.', {
  SUBMITTED: '已提交,待受理 handed in, not decided on yet',
  NOTICE_GIVEN: '已一次性告知,待补正 told what to correct, waiting for the corrections',
  ACCEPTED: '已受理 accepted',
  REFUSED: '不予受理 acceptance refused',
  WITHDRAWN: '申请人受理前撤回 withdrawn by the applicant before acceptance',
});
export type ApplicationState = keyof typeof APPLICATION_STATES;

/** The kinds of the ledger's events about applications; acceptance itself is the case's ACCEPTED. */
export const APPLICATION_EVENT_KINDS = graphEnum('ApplicationEventKind', '申请进展类型。What can happen to an application.', {
  APPLICATION_SUBMITTED: '提交 handed in',
  APPLICATION_NOTICE_GIVEN: '一次性告知补正 the one-time notice was given',
  APPLICATION_CORRECTED: '补正 corrected by the applicant',
  APPLICATION_REFUSED: '不予受理 acceptance was refused',
  APPLICATION_WITHDRAWN: '撤回 withdrawn by the applicant',
  APPLICATION_DEEMED_ACCEPTED: '逾期未告知,视为受理 deemed accepted, since nothing was told in time',
});
export type ApplicationEventKind = keyof typeof APPLICATION_EVENT_KINDS;

export const REFUSAL_REASONS = graphEnum(
  'AcceptanceRefusalReason',
  '不予受理的理由(行政许可法第三十二条)。Why acceptance is refused (Administrative Licensing Law, Art. 32).',
  {
    NO_PERMISSION_NEEDED: '依法不需要取得许可 the law asks for no permission',
    NOT_COMPETENT: '不属于本机关职权范围 another body is competent',
    NOT_ENTITLED: '申请人依法不得提出申请 the applicant may not apply',
    ALREADY_APPLIED: '同一事项已受理 the same thing was accepted before',
    NOT_CORRECTED: '经一次性告知后仍未补正 what the notice asked for was not corrected',
    NOT_ONLINE: '未在网上申请:第十九条禁止以此为由,一律驳回 not handed in online: Art. 19 forbids this reason, so it is always turned down',
    OTHER: '其他法定理由 another reason that the law gives',
  },
);
export type RefusalReason = keyof typeof REFUSAL_REASONS;

export const CASE_STAGES = graphEnum('CaseStage', '办件所处阶段。The stage a case is in.', {
  ACCEPTED: '已受理 accepted, not with the department yet',
  RECEIVED: '部门已收件 received by the department',
  IN_REVIEW: '审查中 being reviewed',
  SPECIAL_PROCEDURE: '特别程序,时限暂停 a special procedure is running; the limit stands still',
  DECIDED: '已决定 decided',
  CERTIFICATE_ISSUED: '已制证 the certificate is issued',
  DELIVERED: '已送达 the result has reached the applicant',
});
export type CaseStage = keyof typeof CASE_STAGES;

/** The department contract's, value for value. */
export const DECISION_OUTCOMES = graphEnum('DecisionOutcome', '办件结果。How a case ends.', {
  APPROVED: '批准 approved',
  REFUSED: '不予批准 refused',
  WITHDRAWN: '撤回 withdrawn by the applicant',
  TERMINATED: '终止 terminated',
});
export type DecisionOutcome = keyof typeof DECISION_OUTCOMES;

/** The contract's `SpecialProcedureKind`, value for value. */
export const SPECIAL_PROCEDURE_KINDS: ReadonlySet<unknown> = new Set([
  'HEARING',
  'TENDER',
  'AUCTION',
  'INSPECTION',
  'TESTING',
  'QUARANTINE',
  'APPRAISAL',
  'EXPERT_REVIEW',
]);

/** ACCEPTED and the contract's `CaseEventKind`, value for value. */
export const CASE_PROGRESS_KINDS = graphEnum('CaseProgressKind', '办件进展类型。What can happen to a case.', {
  ACCEPTED: '受理 accepted',
  RECEIVED: '部门收件 received by the department',
  STEP_STARTED: '环节开始 a step began',
  STEP_FINISHED: '环节完成 a step ended',
  SPECIAL_PROCEDURE_STARTED: '特别程序开始 a special procedure began',
  SPECIAL_PROCEDURE_FINISHED: '特别程序结束 a special procedure ended',
  EXTENDED: '延长期限 the limit was extended',
  DECIDED: '决定 decided',
  CERTIFICATE_ISSUED: '制发证照 the certificate was issued',
  DELIVERED: '送达 the result was delivered',
});
export type CaseProgressKind = keyof typeof CASE_PROGRESS_KINDS;

export const DISPATCH_STATES = graphEnum('DispatchState', '推送状态。How far a case got on its way to the department.', {
  PENDING: '待推送 not delivered yet',
  REFUSED: '被部门拒收,仍将重试 refused by the department; still tried, at the slowest pace',
  DELIVERED: '已送达部门 received by the department',
});
export type DispatchState = keyof typeof DISPATCH_STATES;

export const CASE_ORDERS = graphEnum('CaseOrder', '办件排序。How a list of cases is sorted.', {
  ACCEPTED_LATEST_FIRST: '最近受理在前 latest accepted first',
  ACCEPTED_EARLIEST_FIRST: '最早受理在前 earliest accepted first',
  PROMISED_DUE_FIRST: '承诺到期在前,未定者在后 the one due first by its promised limit first; those without a date last',
});
export type CaseOrder = keyof typeof CASE_ORDERS;

export const PROGRESS_STARTS = graphEnum('ProgressStart', '订阅起点。Where a subscription begins.', {
  START: '自首个事件起 at the first event there is',
  NOW: '自订阅之时起 at the moment of subscribing',
});
export type ProgressStart = keyof typeof PROGRESS_STARTS;

export const INBOX_KINDS = graphEnum('InboxKind', '待办类型。What waits for somebody.', {
  APPLICATION_TO_DECIDE: '待受理的申请,属综合窗口 an application to accept, refuse or have corrected; for the windows',
  CASE_TO_HANDLE: '待办理的办件,属承办部门 a case to handle; for the department',
  NOTICE_TO_ANSWER: '待补正的一次性告知,属申请人 a one-time notice to answer; for the applicant',
});
export type InboxKind = keyof typeof INBOX_KINDS;
