import { APPEAL_TEXT } from '../../rules/appeal-text.js';
import { DEEMED_ACCEPTED_AFTER } from '../../rules/deemed-acceptance.js';
import { isSecondNotice } from '../../rules/one-time-notice.js';
import type { ApplicationChannel, MaterialSource, RefusalReason } from '../../types/enums.js';
import { chineseDay, facts, fullWidth, heading, paragraph } from '../paper.js';
import { ACCEPTANCE_SEAL } from '../seals.js';
import { centreNumber, day, type PaperOf, you } from './paper-subject.js';

const CHANNELS: Record<ApplicationChannel, string> = { ONLINE: '网上提交', WINDOW: '窗口提交', POST: '邮寄提交' };
const SOURCES: Record<MaterialSource, string> = {
  PAPER: '纸质收取',
  ELECTRONIC: '电子上传',
  CERTIFICATE_LIBRARY: '电子证照库',
  SHARED: '数据共享',
  OTHER: '其他',
};
const REASONS: Record<RefusalReason, string> = {
  NO_PERMISSION_NEEDED: '所申请事项依法不需要取得行政许可',
  NOT_COMPETENT: '所申请事项依法不属于本机关职权范围',
  NOT_ENTITLED: '申请人依法不得提出该项申请',
  ALREADY_APPLIED: '同一事项已经受理,不再重复受理',
  NOT_CORRECTED: '经一次性告知,申请材料仍未补正',
  NOT_ONLINE: '未在网上申请',
  OTHER: '法律、法规规定的其他情形',
};

/** 受理通知书 */
export const acceptanceNotice: PaperOf = (subject) => {
  const { application, case: accepted, itemName, departmentName, event, limits } = subject;
  const deemed = accepted !== null && accepted.acceptedBy === 'by-law';
  const limit = (days: number | undefined, end: Date | null | undefined) =>
    days === undefined ? null : `${days}个工作日,${end == null ? '到期日待所在年度放假通知发布后确定' : `至${chineseDay(day(end))}`}`;
  const because = deemed
    ? `因自收到申请材料之日起${DEEMED_ACCEPTED_AFTER}个工作日内未告知补正,依照《中华人民共和国行政许可法》第三十二条第一款第四项的规定,自收到申请材料之日起即为受理。`
    : '经审查,申请材料齐全、符合法定形式。依照《中华人民共和国行政许可法》第三十二条第一款第五项的规定,决定予以受理。';
  return {
    title: '受理通知书',
    number: centreNumber('受字', subject),
    addressee: application.applicantName,
    seal: ACCEPTANCE_SEAL,
    blocks: [
      paragraph(`${you(subject)}于${chineseDay(day(application.submittedAt))}提出的“${itemName}”申请收悉。${because}`),
      facts(
        ['统一受理编号', accepted?.number],
        ['申请事项', itemName],
        ['承办部门', departmentName],
        ['提交方式', CHANNELS[application.channel]],
        ['受理日期', chineseDay(day(accepted?.acceptedAt ?? event?.occurredAt ?? application.submittedAt))],
        ['承诺时限', limit(accepted?.promisedDays, limits?.promisedDueAt)],
        ['法定时限', limit(accepted?.statutoryDays, limits?.statutoryDueAt)],
      ),
      heading('收取的申请材料'),
      {
        kind: 'table',
        columns: [
          { title: '序号', width: 0.12 },
          { title: '材料名称', width: 0.6 },
          { title: '来源', width: 0.28 },
        ],
        rows: (accepted ?? application).materials.map(({ name, source }, index) => [String(index + 1), name, SOURCES[source]]),
      },
      paragraph('听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审所需时间不计算在上述时限内,如需进行将另行书面告知。'),
      paragraph('办理进度可凭统一受理编号在政务服务平台查询。'),
    ],
  };
};

/** 不予受理通知书 */
export const acceptanceRefusal: PaperOf = (subject) => {
  const { application, itemName, departmentName, refusal } = subject;
  if (refusal === null) throw new Error('a refusal without its reasons');
  return {
    title: '不予受理通知书',
    number: centreNumber('不受字', subject),
    addressee: application.applicantName,
    seal: ACCEPTANCE_SEAL,
    blocks: [
      paragraph(
        `${you(subject)}于${chineseDay(day(application.submittedAt))}提出的“${itemName}”申请收悉。依照《中华人民共和国行政许可法》第三十二条的规定,决定不予受理。`,
      ),
      facts(
        ['申请编号', application.id],
        ['申请事项', itemName],
        ['申请部门', departmentName],
        ['不予受理的情形', REASONS[refusal.reason]],
        ['应向其申请的机关', refusal.competentBody],
      ),
      heading('理由'),
      paragraph(refusal.explanation),
      heading('救济途径'),
      paragraph(APPEAL_TEXT),
    ],
  };
};

/** 一次性告知书 */
export const oneTimeNotice: PaperOf = (subject) => {
  const { application, itemName, departmentName, notice } = subject;
  if (notice === null) throw new Error('a notice without what it tells');
  const anomaly = isSecondNotice(notice.ordinal)
    ? [paragraph(`本告知书系就同一申请的第${notice.ordinal}次告知,已作为异常情形记录并接受监察。`)]
    : [];
  return {
    title: '一次性告知书',
    number: centreNumber('告字', subject),
    addressee: application.applicantName,
    seal: ACCEPTANCE_SEAL,
    blocks: [
      paragraph(
        `${you(subject)}于${chineseDay(day(application.submittedAt))}提出的“${itemName}”申请收悉。经审查,申请材料不齐全或者不符合法定形式,现将需要补正的全部内容一次性告知如下。`,
      ),
      facts(['申请编号', application.id], ['申请事项', itemName], ['申请部门', departmentName]),
      {
        kind: 'table',
        columns: [
          { title: '序号', width: 0.1 },
          { title: '材料或表项', width: 0.24 },
          { title: '存在的问题', width: 0.33 },
          { title: '补正要求', width: 0.33 },
        ],
        rows: notice.items.map(({ label, problem, remedy, onPaper }, index) => [
          String(index + 1),
          label,
          fullWidth(problem),
          fullWidth(onPaper ? `${remedy}(纸质件)` : remedy),
        ]),
      },
      ...anomaly,
      paragraph('请按上述要求补正后,通过原提交渠道或者网上继续提交,无需重新申请;本申请的编号不变。'),
      paragraph(
        '依照《河南省政务服务中心管理办法(试行)》第十七条,补正内容应当一次告知;可提交电子件或者能够共享获取的材料,不要求提交纸质件。',
      ),
    ],
  };
};

/** 撤回申请确认书 */
export const withdrawalConfirmation: PaperOf = (subject) => {
  const { application, itemName, departmentName, document } = subject;
  return {
    title: '撤回申请确认书',
    number: centreNumber('撤字', subject),
    addressee: application.applicantName,
    seal: ACCEPTANCE_SEAL,
    blocks: [
      paragraph(
        `${you(subject)}于${chineseDay(day(application.submittedAt))}提出的“${itemName}”申请,已于${chineseDay(day(document.createdAt))}在受理前撤回。撤回不影响再次提出申请。`,
      ),
      facts(['申请编号', application.id], ['申请事项', itemName], ['申请部门', departmentName]),
    ],
  };
};
