import { graphEnum } from '../../../kit/schema/graph-enum.js';

export const UPLOAD_STATES = graphEnum('UploadState', '上传状态。What has become of an upload.', {
  EXPECTED: '待上传 waiting for its content',
  STORED: '已存储 stored, and may be handed in',
  REJECTED: '查出威胁,已拒收 turned down by the virus scanner',
});
export type UploadState = keyof typeof UPLOAD_STATES;

export const DOCUMENT_KINDS = graphEnum('DocumentKind', '文书种类。The kinds of documents.', {
  ACCEPTANCE_NOTICE: '受理通知书 notice of acceptance',
  ACCEPTANCE_REFUSAL: '不予受理通知书 refusal of acceptance',
  ONE_TIME_NOTICE: '一次性告知书 one-time notice of corrections',
  WITHDRAWAL_CONFIRMATION: '撤回申请确认书 confirmation that an application was withdrawn',
  SPECIAL_PROCEDURE_NOTICE: '特别程序告知书 notice of a special procedure',
  EXTENSION_NOTICE: '延长办理期限告知书 notice that the limit is extended',
  APPROVAL_DECISION: '准予许可决定书 decision to approve',
  REFUSAL_DECISION: '不予许可决定书 decision to refuse, with reasons and how to appeal',
  TERMINATION_NOTICE: '终止办理通知书 notice that handling has ended',
  CERTIFICATE: '电子证照 e-certificate',
  DELIVERY_RECEIPT: '送达回执 receipt of delivery',
});
export type DocumentKind = keyof typeof DOCUMENT_KINDS;

/** What a document is called on its first line. */
export const DOCUMENT_TITLES: Record<DocumentKind, string> = {
  ACCEPTANCE_NOTICE: '受理通知书',
  ACCEPTANCE_REFUSAL: '不予受理通知书',
  ONE_TIME_NOTICE: '一次性告知书',
  WITHDRAWAL_CONFIRMATION: '撤回申请确认书',
  SPECIAL_PROCEDURE_NOTICE: '特别程序告知书',
  EXTENSION_NOTICE: '延长办理期限告知书',
  APPROVAL_DECISION: '准予许可决定书',
  REFUSAL_DECISION: '不予许可决定书',
  TERMINATION_NOTICE: '终止办理通知书',
  CERTIFICATE: '电子证照',
  DELIVERY_RECEIPT: '送达回执',
};

export const SEAL_KINDS = graphEnum('SealKind', '印章(第六条)。The seals (Art. 6).', {
  ACCEPTANCE: '省政务服务中心受理专用章 the acceptance seal of the Centre',
  APPROVAL: '部门审批专用章 the approval seal of a department',
});
export type SealKind = keyof typeof SEAL_KINDS;

export const WITHHOLDING_GROUNDS = graphEnum('WithholdingGround', '不予公开的理由(第二十四条)。Why something is not published (Art. 24).', {
  STATE_SECRET: '国家秘密 state secrets',
  TRADE_SECRET: '商业秘密 trade secrets',
  IDEOLOGY_SECURITY: '意识形态安全 ideology security',
  PERSONAL_INFORMATION: '个人信息和个人隐私 personal information and privacy',
});
export type WithholdingGround = keyof typeof WITHHOLDING_GROUNDS;

export const CERTIFICATE_STATES = graphEnum('CertificateState', '证照核验结果。What verifying a certificate found.', {
  VALID: '有效 valid',
  EXPIRED: '已过有效期 past its last day',
  TAMPERED: '签名与记录不符 the record is not what was signed',
  UNKNOWN: '无此证照 no such certificate',
});
export type CertificateState = keyof typeof CERTIFICATE_STATES;

export const PUBLIC_RESULT_PARTS = graphEnum('PublicResultPart', '结果的组成部分。The parts of a result.', {
  APPLICANT_NAME: '申请人姓名 the name of the applicant',
  REASONS: '决定理由 the reasons of the decision',
});
export type PublicResultPart = keyof typeof PUBLIC_RESULT_PARTS;
