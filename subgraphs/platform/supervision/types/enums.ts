import { graphEnum } from '../../../kit/schema/graph-enum.js';

export const ALERT_LEVELS = graphEnum('AlertLevel', '预警级别。How grave an alert is.', {
  REMIND: '提醒 a reminder: nothing has gone wrong yet',
  YELLOW: '黄牌 yellow: a promise or a rule of the regulation is broken',
  RED: '红牌 red: a limit or a duty that the law sets is broken',
});
export type AlertLevel = keyof typeof ALERT_LEVELS;

export const ALERT_RULES = graphEnum('AlertRule', '监察规则。What supervision looks for (Art. 35).', {
  GUIDE_MISSING: '事前:办事指南缺失或不全(第十一条)before: a service guide is missing or incomplete (Art. 11)',
  REVIEW_RULES_MISSING: '事前:事项无审查工作细则(第十二条)before: an item is offered without review rules (Art. 12)',
  NOTICE_LATE: '事中:未在2个工作日内告知(第十七条)during: nothing was told within 2 working days (Art. 17)',
  NOTICE_LATE_BY_LAW:
    '事中:未在5日内告知(行政许可法第三十二条)during: nothing was told within 5 days (Administrative Licensing Law, Art. 32)',
  SECOND_NOTICE: '事中:二次告知(第十七条)during: told a second time what is missing (Art. 17)',
  NOT_DISPATCHED: '事中:办件未送达部门(第十条、第十九条)during: the case did not reach its department (Arts. 10, 19)',
  LIMIT_NEAR: '事中:承诺时限将到(第三十五条)during: the promised limit is near (Art. 35)',
  PROMISED_OVERDUE: '事中:超过承诺时限(第二十二条)during: the promised limit has passed (Art. 22)',
  STATUTORY_OVERDUE:
    '事中:超过法定时限(行政许可法第四十二条)during: the statutory limit has passed (Administrative Licensing Law, Art. 42)',
  STEP_OVERDUE: '事中:环节超时(第十二条)during: the limit of a step has passed (Art. 12)',
  STALLED: '事中:长时间无进展(第三十五条)during: nothing has happened for long (Art. 35)',
  PAUSED_TOO_LONG:
    '事中:特别程序历时过长(行政许可法第四十五条)during: a special procedure lasts too long (Administrative Licensing Law, Art. 45)',
  PROCEDURE_OVER_TOLD:
    '事中:特别程序超过告知的所需时间(行政许可法第四十五条)during: a special procedure lasts longer than the applicant was told (Administrative Licensing Law, Art. 45)',
  DELIVERY_OVERDUE:
    '事后:未在10个工作日内送达(行政许可法第四十四条)after: not delivered within 10 working days (Administrative Licensing Law, Art. 44)',
  DECIDED_WITHOUT_RULES: '事后:决定未引用现行审查细则(第十二条)after: decided without review rules in force (Art. 12)',
  REFUSED_WITHOUT_REASONS: '事后:不予批准未说明理由(第二十二条)after: refused without reasons (Art. 22)',
  OUTSIDE_PLATFORM: '事后:无统一受理编号,体外循环(第三十七条)after: work or a result without a unified acceptance number (Art. 37)',
});
export type AlertRule = keyof typeof ALERT_RULES;

export const ALERT_STATES = graphEnum('AlertState', '预警状态。What has become of an alert.', {
  OPEN: '待处理 nobody has taken it up',
  ACKNOWLEDGED: '已确认 taken up by supervision',
  CORRECTION_ORDERED: '督办中 the department was ordered to correct it',
  REPLIED: '部门已回复 the department has replied to the order',
  ESCALATED: '已上报 passed on to the Bureau',
  CLOSED: '已办结 closed by supervision',
  LAPSED: '已过时:所提醒之事已完成或已另行预警 lapsed: what it reminded of is done, or has an alert of its own',
  CLEARED: '已消除:后到的事件表明并无此事 cleared: events that became known later show that it was not so',
});
export type AlertState = keyof typeof ALERT_STATES;

/** In which somebody still has to do something. */
export const STATES_IN_HAND: readonly AlertState[] = ['OPEN', 'ACKNOWLEDGED', 'CORRECTION_ORDERED', 'REPLIED', 'ESCALATED'];

export const ALERT_MOVES = graphEnum('AlertMoveKind', '预警事件类型。What can happen to an alert.', {
  RAISED: '触发 raised',
  ENDED: '所指情形已结束 what it tells of has ended, such as by a late decision; it is still to be handled',
  ACKNOWLEDGED: '确认 taken up',
  CORRECTION_ORDERED: '下达督办 a correction was ordered',
  REPLIED: '部门回复 the department replied',
  ESCALATED: '上报 passed on to the Bureau',
  CLOSED: '办结 closed',
  LAPSED: '过时 lapsed',
  CLEARED: '消除 cleared',
});
export type AlertMoveKind = keyof typeof ALERT_MOVES;

export const FIGURE_GROUPS = graphEnum('CaseFigureGroup', '统计维度。By what figures are told apart.', {
  DEPARTMENT: '按部门 by department',
  ITEM: '按事项(含部门)by item, and so by department',
  CHANNEL: '按渠道 by channel',
  DAY: '按日 by day',
  MONTH: '按月 by month',
});
export type FigureGroup = keyof typeof FIGURE_GROUPS;
