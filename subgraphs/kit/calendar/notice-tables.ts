import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** Official notices that were loaded while the system ran; they replace those it was started with. */
export const holidayNotices = defineEntity({
  name: 'StoredHolidayNotice',
  tableName: 'holiday_notice',
  properties: {
    year: p.integer().primary().autoincrement(false),
    source: p.string().length(200),
    holidays: p.json<string[]>(),
    workdays: p.json<string[]>(),
    loadedAt: p.datetime(3),
    /** When everything that was computed before had been computed anew; null until then. */
    appliedAt: p.datetime(3).nullable(),
  },
});
export type HolidayNoticeRow = InferEntity<typeof holidayNotices>;
