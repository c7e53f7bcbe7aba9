import { readFile } from 'node:fs/promises';
import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import { z } from 'zod';
import { CataloguedError } from '../errors/catalogued-error.js';

const day = z.iso.date();

/** The State Council's yearly notice (国务院办公厅关于部分节假日安排的通知), as data. Days are `YYYY-MM-DD` in China. */
export const holidayNotice = z
  .strictObject({
    year: z.int().min(1949).max(9999),
    /** The number or title of the notice, for whoever asks on what a date was computed. */
    source: z.string().min(1),
    /** Days off that fall on Monday to Friday; weekends may be listed too. */
    holidays: z.array(day),
    /** Saturdays and Sundays that are worked. */
    workdays: z.array(day),
  })
  .refine(
    ({ year, holidays, workdays }) => [...holidays, ...workdays].every((date) => Number(date.slice(0, 4)) === year),
    'every day must lie in `year`',
  )
  .refine(({ holidays, workdays }) => !workdays.some((date) => holidays.includes(date)), 'a day cannot be both off and worked');
export type HolidayNotice = z.infer<typeof holidayNotice>;

/** The notices that npm `chinese-days` carries, one per year. */
export function publishedNotices(): HolidayNotice[] {
  const notices = new Map<number, HolidayNotice>();
  const at = (date: string) => {
    const year = Number(date.slice(0, 4));
    let notice = notices.get(year);
    if (notice === undefined) {
      notice = { year, source: 'chinese-days', holidays: [], workdays: [] };
      notices.set(year, notice);
    }
    return notice;
  };
  for (const date of Object.keys(published.holidays)) at(date).holidays.push(date);
  for (const date of Object.keys(published.workdays)) at(date).workdays.push(date);
  return [...notices.values()];
}

/** Reads notices (one, or an array) from a JSON file. @throws CataloguedError CONFIGURATION_INVALID naming the file and the fault. */
export async function readNotices(file: string): Promise<HolidayNotice[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CataloguedError('CONFIGURATION_INVALID', `CALENDAR_NOTICES: ${file} is not readable as JSON (${(error as Error).message})`);
  }
  const parsed = z.array(holidayNotice).safeParse(Array.isArray(content) ? content : [content]);
  if (!parsed.success) throw new CataloguedError('CONFIGURATION_INVALID', `CALENDAR_NOTICES: ${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
