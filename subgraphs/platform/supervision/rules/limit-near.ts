import { shanghaiDay, startOfShanghaiDay } from '../../../kit/calendar/working-calendar.js';
import { UNCOVERED, unlessUncovered } from '../../../kit/clocks/clock.js';
import { lastDayOf } from '../../../kit/clocks/count-days.js';
import { PausedDays } from '../../../kit/clocks/pauses.js';
import type { CaseRule } from './rule.js';

/**
 * A reminder before the promised limit ends (Art. 35, early warning): at the beginning of the day on which one working
 * day of it is left, or a fifth, whichever is more. A limit that is no longer than that has none: it would come with the
 * acceptance. When the limit moves, by a special procedure or an extension, there is another one for its new end.
 */
export const limitNear: CaseRule = function* (known) {
  const { remindDays, remindShare } = known.basis.thresholds;
  for (const { startedAt, limitDays, extendedDays, pauses, dueAt } of known.running('PROMISED')) {
    const limit = limitDays + extendedDays;
    const left = Math.max(remindDays, Math.floor(limit * remindShare));
    if (left >= limit) continue;
    const day = unlessUncovered(() => lastDayOf(known.basis.calendar, shanghaiDay(startedAt), limit - left, new PausedDays(pauses)));
    if (day === undefined || day === UNCOVERED) continue;
    const at = startOfShanghaiDay(day);
    yield { rule: 'LIMIT_NEAR', occurrence: shanghaiDay(dueAt), at, ends: dueAt, dueAt, detail: { limitDays: limit, leftDays: left } };
  }
};
