import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publishedNotices, readNotices } from '../../../../subgraphs/kit/calendar/holiday-notice.js';
import { endOfShanghaiDay, shanghaiDay, WorkingCalendar } from '../../../../subgraphs/kit/calendar/working-calendar.js';
import { openFiles } from '../../../support/stores.js';

const calendar = new WorkingCalendar();

describe('working days', () => {
  test.each([
    // the Spring Festival of 2026: off 02-15 to 02-23, worked on Saturdays 02-14 and 02-28
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-13', 5, '2026-02-27'],
    ['2026-02-13', 6, '2026-02-28'],
    // Mid-Autumn 09-25 to 09-27 and National Day 10-01 to 10-07, worked on Saturday 10-10
    ['2026-09-24', 1, '2026-09-28'],
    ['2026-09-24', 20, '2026-10-29'],
    // 即办件: the same day
    ['2026-11-24', 0, '2026-11-24'],
    // New Year: off 01-01 to 01-03, Sunday 01-04 is worked
    ['2025-12-31', 1, '2026-01-04'],
    ['2026-04-30', 2, '2026-05-07'],
    ['2026-06-18', 1, '2026-06-22'],
  ])('%s and %i working days is %s', (from, days, due) => {
    expect(calendar.addWorkingDays(from, days)).toBe(due);
  });

  test('a year without a notice is an error, never a guess', () => {
    expect(calendar.coveredYears.at(-1)).toBe(2026);
    expect(() => calendar.addWorkingDays('2026-12-30', 5)).toThrow(expect.objectContaining({ code: 'CALENDAR_NOT_COVERED' }));
    expect(() => calendar.isWorkingDay('2027-01-04')).toThrow(expect.objectContaining({ code: 'CALENDAR_NOT_COVERED' }));
    // a limit that ends inside the covered years needs no other
    expect(calendar.addWorkingDays('2026-12-30', 1)).toBe('2026-12-31');
  });

  test('a limit starts on the day in Shanghai and ends with its last day there', () => {
    // 16:30 UTC on the 12th is half past midnight on the 13th
    expect(shanghaiDay(new Date('2026-02-12T16:30:00Z'))).toBe('2026-02-13');
    expect(calendar.dueAt(new Date('2026-02-12T16:30:00Z'), 5)).toEqual(new Date('2026-02-27T15:59:59.999Z'));
    expect(calendar.dueAt(new Date('2026-02-12T15:59:59Z'), 5)).toEqual(new Date('2026-02-26T15:59:59.999Z'));
    expect(endOfShanghaiDay('2026-12-31')).toEqual(new Date('2026-12-31T15:59:59.999Z'));
  });

  test('counting back what was added gives the same number; a longer limit never ends earlier', () => {
    const day = fc
      .integer({ min: Date.UTC(2015, 0, 1) / 86_400_000, max: Date.UTC(2026, 5, 30) / 86_400_000 })
      .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, fc.nat(60), fc.nat(20), (from, days, more) => {
        const due = calendar.addWorkingDays(from, days);
        expect(calendar.workingDaysBetween(from, due)).toBe(days);
        if (days > 0) expect(calendar.isWorkingDay(due)).toBe(true);
        expect(calendar.addWorkingDays(due, more)).toBe(calendar.addWorkingDays(from, days + more));
      }),
    );
  });
});

describe('official notices', () => {
  test('a notice loaded from a file covers its year and replaces an earlier one', async () => {
    await using files = await openFiles();
    const file = join(files.url.slice('file:'.length), 'notice.json');
    await writeFile(
      file,
      JSON.stringify({ year: 2027, source: 'an example, not the real notice', holidays: ['2027-01-01'], workdays: ['2027-01-02'] }),
    );
    const loaded = new WorkingCalendar([...publishedNotices(), ...(await readNotices(file))]);
    expect(loaded.addWorkingDays('2026-12-31', 1)).toBe('2027-01-02');
    expect(() => loaded.isWorkingDay('2028-01-03')).toThrow(expect.objectContaining({ code: 'CALENDAR_NOT_COVERED' }));
  });

  test.each([
    ['not JSON', '{', /not readable as JSON/],
    ['a day of another year', JSON.stringify({ year: 2027, source: 'x', holidays: ['2026-01-01'], workdays: [] }), /must lie in `year`/],
    [
      'a day both off and worked',
      JSON.stringify({ year: 2027, source: 'x', holidays: ['2027-01-01'], workdays: ['2027-01-01'] }),
      /both off and worked/,
    ],
    ['no such day', JSON.stringify({ year: 2027, source: 'x', holidays: ['2027-02-30'], workdays: [] }), /holidays/],
  ])('%s is refused by name', async (_name, content, message) => {
    await using files = await openFiles();
    const file = join(files.url.slice('file:'.length), 'notice.json');
    await writeFile(file, content);
    await expect(readNotices(file)).rejects.toThrow(message);
    await expect(readNotices(file)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
  });
});
