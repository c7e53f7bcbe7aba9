import { APPEAL_TEXT } from '../../rules/appeal-text.js';
import { chineseDay, facts, heading, type PaperSeal, paragraph } from '../paper.js';
import { ACCEPTANCE_SEAL, approvalSeal } from '../seals.js';
import { centreNumber, day, number, type PaperOf, type PaperSubject, text, you } from './paper-subject.js';

const PROCEDURES: Record<string, string> = {
  HEARING: '听证',
  TENDER: '招标',
  AUCTION: '拍卖',
  INSPECTION: '检验',
  TESTING: '检测',
  QUARANTINE: '检疫',
  APPRAISAL: '鉴定',
  EXPERT_REVIEW: '专家评审',
};
const CHANNELS: Record<string, string> = { ISSUING_WINDOW: '统一发证窗口领取', COURIER: '快递送达', ELECTRONIC: '电子送达' };

/** The seal the department's decision names, or the department's own before there is one. */
function sealOf({ decision, departmentName }: PaperSubject): PaperSeal {
  return approvalSeal(text(decision?.detail, 'seal') ?? departmentName);
}

function decisionNumber(subject: PaperSubject): string {
  return text(subject.decision?.detail, 'documentNumber') ?? `〔${day(subject.document.createdAt).slice(0, 4)}〕${subject.case?.number}号`;
}

function decisionFacts(subject: PaperSubject) {
  const { case: accepted, itemName, departmentName, decision } = subject;
  return facts(
    ['统一受理编号', accepted?.number],
    ['申请事项', itemName],
    ['决定机关', departmentName],
    ['受理日期', accepted && chineseDay(day(accepted.acceptedAt))],
    ['决定日期', decision && chineseDay(day(decision.occurredAt))],
    ['适用的审查工作细则', `第${number(decision?.detail, 'reviewRuleVersion') ?? '—'}版`],
  );
}

/** 准予许可决定书 */
export const approvalDecision: PaperOf = (subject) => {
  const { application, itemName } = subject;
  const reasons = text(subject.decision?.detail, 'reasons');
  return {
    title: '准予许可决定书',
    number: decisionNumber(subject),
    addressee: application.applicantName,
    seal: sealOf(subject),
    blocks: [
      paragraph(
        `${you(subject)}提出的“${itemName}”申请,经审查,符合法定条件、标准。依照《中华人民共和国行政许可法》第三十八条第一款的规定,决定准予许可。`,
      ),
      decisionFacts(subject),
      ...(reasons === null ? [] : [heading('说明'), paragraph(reasons)]),
      paragraph('证照或者批准文件将自决定之日起10个工作日内颁发、送达(《中华人民共和国行政许可法》第四十四条)。'),
    ],
  };
};

/** 不予许可决定书 */
export const refusalDecision: PaperOf = (subject) => {
  const { application, itemName } = subject;
  return {
    title: '不予许可决定书',
    number: decisionNumber(subject),
    addressee: application.applicantName,
    seal: sealOf(subject),
    blocks: [
      paragraph(
        `${you(subject)}提出的“${itemName}”申请,经审查,不符合法定条件、标准。依照《中华人民共和国行政许可法》第三十八条第二款的规定,决定不予许可。`,
      ),
      decisionFacts(subject),
      heading('理由'),
      paragraph(text(subject.decision?.detail, 'reasons') ?? '部门未随决定报送理由。'),
      heading('救济途径'),
      paragraph(APPEAL_TEXT),
    ],
  };
};

/** 终止办理通知书 */
export const terminationNotice: PaperOf = (subject) => {
  const { application, itemName, case: accepted } = subject;
  const reasons = text(subject.decision?.detail, 'reasons');
  const withdrawn = text(subject.decision?.detail, 'outcome') === 'WITHDRAWN';
  return {
    title: '终止办理通知书',
    number: decisionNumber(subject),
    addressee: application.applicantName,
    seal: sealOf(subject),
    blocks: [
      paragraph(
        withdrawn
          ? `${you(subject)}撤回“${itemName}”申请(统一受理编号${accepted?.number}),该办件终止办理。撤回不影响再次提出申请。`
          : `${you(subject)}提出的“${itemName}”申请(统一受理编号${accepted?.number})依法终止办理。`,
      ),
      decisionFacts(subject),
      ...(reasons === null ? [] : [heading('理由'), paragraph(reasons)]),
      ...(withdrawn ? [] : [heading('救济途径'), paragraph(APPEAL_TEXT)]),
    ],
  };
};

/** 延长办理期限告知书 */
export const extensionNotice: PaperOf = (subject) => {
  const { application, itemName, event, departmentName, case: accepted } = subject;
  return {
    title: '延长办理期限告知书',
    number: centreNumber('延字', subject),
    addressee: application.applicantName,
    seal: sealOf(subject),
    blocks: [
      paragraph(
        `${you(subject)}提出的“${itemName}”申请,在法定期限内不能作出决定。依照《中华人民共和国行政许可法》第四十二条的规定,经本机关负责人批准,延长${number(event?.detail, 'days') ?? '—'}个工作日。`,
      ),
      facts(['统一受理编号', accepted?.number], ['申请事项', itemName], ['承办部门', departmentName]),
      heading('延长的理由'),
      paragraph(text(event?.detail, 'reason') ?? '部门未报送理由。'),
    ],
  };
};

/** 特别程序告知书 */
export const specialProcedureNotice: PaperOf = (subject) => {
  const { application, itemName, event, departmentName, case: accepted } = subject;
  const kind = PROCEDURES[text(event?.detail, 'kind') ?? ''] ?? '特别程序';
  const days = number(event?.detail, 'expectedDays');
  return {
    title: '特别程序告知书',
    number: centreNumber('特字', subject),
    addressee: application.applicantName,
    seal: sealOf(subject),
    blocks: [
      paragraph(
        `${you(subject)}提出的“${itemName}”申请,依法需要进行${kind}。依照《中华人民共和国行政许可法》第四十五条的规定,所需时间不计算在办理期限内${days === null ? '。' : `,预计需要${days}日。`}`,
      ),
      facts(
        ['统一受理编号', accepted?.number],
        ['申请事项', itemName],
        ['承办部门', departmentName],
        ['开始日期', event && chineseDay(day(event.occurredAt))],
      ),
      heading('事由'),
      paragraph(text(event?.detail, 'reason') ?? '部门未报送事由。'),
    ],
  };
};

/** 送达回执 */
export const deliveryReceipt: PaperOf = (subject) => {
  const { application, itemName, event, departmentName, case: accepted, certificate } = subject;
  return {
    title: '送达回执',
    number: centreNumber('送字', subject),
    addressee: null,
    seal: ACCEPTANCE_SEAL,
    blocks: [
      facts(
        ['统一受理编号', accepted?.number],
        ['申请事项', itemName],
        ['承办部门', departmentName],
        ['受送达人', application.applicantName],
        ['送达的文书', text(subject.decision?.detail, 'documentNumber')],
        ['送达的证照', certificate?.number],
        ['送达方式', CHANNELS[text(event?.detail, 'channel') ?? ''] ?? '其他'],
        ['运单号', text(event?.detail, 'trackingNumber')],
        ['送达时间', event && chineseDay(day(event.occurredAt))],
      ),
      paragraph('受送达人或者代收人签收:                    日期:      年    月    日'),
    ],
  };
};

/** 电子证照 */
export const certificatePaper: PaperOf = (subject) => {
  const { application, itemName, certificate, departmentName, case: accepted } = subject;
  if (certificate === null) throw new Error('a certificate without its entry');
  return {
    form: 'certificate',
    title: itemName,
    number: `证照编号 ${certificate.number}`,
    day: day(certificate.issuedAt),
    addressee: null,
    seal: sealOf(subject),
    blocks: [
      facts(
        ['持证人', application.applicantName],
        ['许可事项', itemName],
        ['颁发机关', departmentName],
        ['颁发日期', chineseDay(day(certificate.issuedAt))],
        ['有效期至', certificate.validUntil == null ? '长期' : chineseDay(certificate.validUntil)],
        ['统一受理编号', accepted?.number],
      ),
      paragraph('本电子证照由平台以数字签名签发,与纸质证照具有同等效力。扫描二维码或者凭证照编号可在线核验真伪及状态。'),
    ],
  };
};
