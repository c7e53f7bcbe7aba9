import { text } from '../forms.js';
import { SUBGRAPHS, setting } from '../setting.js';

/** What the province decides by files. */
export const RULES = {
  CALENDAR_NOTICES: setting(text.optional(), {
    en: 'a JSON file of official holiday notices `{year, source, holidays, workdays}`, for years the built-in calendar does not cover',
    zh: '正式放假通知的 JSON 文件 `{year, source, holidays, workdays}`,用于内置日历未包含的年份',
    usedBy: SUBGRAPHS,
  }),
  SUPERVISION_RULES: setting(text.optional(), {
    en: 'a JSON file of thresholds, levels and rules that are off, where they differ from the built-in ones',
    zh: '与内置不同的阈值、等级和停用规则的 JSON 文件',
    usedBy: ['supervision'],
  }),
};
