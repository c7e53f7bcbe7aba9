import { describe, expect, test } from 'vitest';
import { shanghaiDay, WorkingCalendar } from '../../../../subgraphs/kit/calendar/working-calendar.js';
import type { Clock, ClockKind, ClockState } from '../../../../subgraphs/kit/clocks/clock.js';
import type { ClockEvent } from '../../../../subgraphs/kit/clocks/clock-event.js';
import { type ClockLimits, clocksOf } from '../../../../subgraphs/kit/clocks/clocks-of.js';

/*
 * Counted by hand with the State Council's notice for 2026. Off: 01-01..03, 02-15..23, 04-04..06, 05-01..05, 06-19..21,
 * 09-25..27, 10-01..07; worked weekends: 01-04, 02-14, 02-28, 05-09, 09-20, 10-10. 2026-01-01 is a Thursday.
 */
const calendar = new WorkingCalendar();

/** `11-04 10:00` is that time of 2026 in China; without a time, 10:00. */
function at(text: string): Date {
  const [day = '', time = '10:00'] = text.split(' ');
  const year = day.length > 5 ? '' : '2026-';
  return new Date(`${year}${day}T${time.length === 5 ? `${time}:00` : time}+08:00`);
}

const accepted = (day: string): ClockEvent => ({ kind: 'ACCEPTED', at: at(day) });
const submitted = (day: string): ClockEvent => ({ kind: 'APPLICATION_SUBMITTED', at: at(day) });
const decided = (day: string, outcome = 'APPROVED'): ClockEvent => ({ kind: 'DECIDED', at: at(day), outcome });
const extended = (day: string, extensionDays: number): ClockEvent => ({ kind: 'EXTENDED', at: at(day), extensionDays });
const procedure = (procedureKind: string, from: string, to?: string): ClockEvent[] => [
  { kind: 'SPECIAL_PROCEDURE_STARTED', at: at(from), procedureKind },
  ...(to === undefined ? [] : [{ kind: 'SPECIAL_PROCEDURE_FINISHED', at: at(to), procedureKind }]),
];
const step = (stepCode: string, from: string, to?: string): ClockEvent[] => [
  { kind: 'STEP_STARTED', at: at(from), stepCode },
  ...(to === undefined ? [] : [{ kind: 'STEP_FINISHED', at: at(to), stepCode }]),
];

function clock(kind: ClockKind, events: ClockEvent[], limits: Partial<ClockLimits> = {}, now = '2026-12-31'): Clock {
  const found = clocksOf(events, { promisedDays: null, statutoryDays: null, ...limits }, calendar, at(now)).filter(
    (one) => one.kind === kind,
  );
  const last = found.at(-1);
  if (last === undefined) throw new Error(`no clock ${kind}`);
  return last;
}

const dueDay = ({ dueAt }: Clock) => (dueAt === null ? null : shanghaiDay(dueAt).slice(5));

describe('a limit in working days (Administrative Licensing Law, Art. 42 and 82; Civil Code, Art. 201 and 203)', () => {
  test.each([
    // Spring Festival: Saturday 02-14 is worked, then nine days off
    ['02-13', 1, '02-14'],
    ['02-13', 5, '02-27'],
    ['01-30', 10, '02-13'],
    ['01-30', 12, '02-24'],
    ['02-27', 1, '02-28'],
    // New Year: from one covered year to the next, Sunday 01-04 is worked
    ['2025-12-31', 1, '01-04'],
    ['2025-12-31', 5, '01-08'],
    ['2025-12-25', 10, '01-09'],
    // Tomb-Sweeping Day, Labour Day and the worked Saturday after it
    ['04-03', 1, '04-07'],
    ['04-01', 20, '04-30'],
    ['04-01', 21, '05-06'],
    ['04-30', 3, '05-08'],
    ['04-30', 4, '05-09'],
    // Dragon Boat Festival
    ['06-18', 2, '06-23'],
    ['06-05', 15, '06-29'],
    // Mid-Autumn and National Day; Sunday 09-20 and Saturday 10-10 are worked
    ['09-18', 1, '09-20'],
    ['09-18', 5, '09-24'],
    ['09-18', 6, '09-28'],
    ['09-24', 20, '10-29'],
    ['09-30', 2, '10-09'],
    ['09-30', 3, '10-10'],
    ['09-30', 10, '10-20'],
    // an ordinary month, and the last day the calendar reaches
    ['12-01', 20, '12-29'],
    ['12-01', 22, '12-31'],
    // accepted online on a day off: the first day that counts is the first working day
    ['02-15', 1, '02-24'],
    ['10-03', 5, '10-13'],
    // 即办件: the same day; on a day off, the next working day (Civil Code, Art. 203)
    ['11-24', 0, '11-24'],
    ['02-14', 0, '02-14'],
    ['11-28', 0, '11-30'],
    ['10-03', 0, '10-08'],
  ])('accepted on %s, %i days: due on %s', (from, days, due) => {
    expect(dueDay(clock('STATUTORY', [accepted(from)], { statutoryDays: days }))).toBe(due);
    expect(dueDay(clock('PROMISED', [accepted(from)], { promisedDays: days }))).toBe(due);
  });

  test.each([
    // the day of acceptance is not counted, so its hour is no matter: before, after closing, or a moment before midnight
    ['11-24 08:30', '12-01'],
    ['11-24 17:31', '12-01'],
    ['11-24 23:59:59.999', '12-01'],
    ['11-25 00:00', '12-02'],
    // half past midnight on New Year's Day is still 2025 in UTC
    ['01-01 00:30', '01-08'],
  ])('accepted at %s, 5 days: due on %s', (from, due) => {
    const found = clock('STATUTORY', [accepted(from)], { statutoryDays: 5 });
    expect(dueDay(found)).toBe(due);
    // a limit ends with its day in China, which is 16:00 UTC
    expect(found.dueAt?.toISOString()).toMatch(/T15:59:59\.999Z$/);
  });

  test('beyond the covered years nothing is guessed', () => {
    const beyond = clock('STATUTORY', [accepted('12-01')], { statutoryDays: 23 }, '12-10');
    expect(beyond).toMatchObject({ dueAt: null, pending: true, elapsedDays: 7, remainingDays: 16, state: 'RUNNING' });
    const then = clock('STATUTORY', [accepted('12-01')], { statutoryDays: 5 }, '2027-01-04');
    expect(then).toMatchObject({ dueAt: at('12-08 23:59:59.999'), elapsedDays: null, lateDays: null, pending: true, state: 'OVERDUE' });
  });
});

describe('special procedures are excluded (Administrative Licensing Law, Art. 45)', () => {
  const five = { statutoryDays: 5, promisedDays: 5 };
  test.each([
    // counted are 11-03, 04, 05, 06, 09
    ['none', [], '11-09'],
    ['a hearing over two ends of day takes those two', procedure('HEARING', '11-04', '11-06 15:00'), '11-11'],
    ['one that begins and ends on one day takes none', procedure('HEARING', '11-04 09:00', '11-04 17:00'), '11-09'],
    ['one from Friday to Monday takes the Friday', procedure('INSPECTION', '11-06', '11-09'), '11-10'],
    ['one on the day of acceptance takes none', procedure('TESTING', '11-02 16:00', '11-03 09:00'), '11-09'],
    ['one that begins on the last day still stops it', procedure('HEARING', '11-09 16:00', '11-11'), '11-11'],
    ['overlapping ones are merged', [...procedure('HEARING', '11-04', '11-06'), ...procedure('TESTING', '11-05', '11-10')], '11-13'],
    [
      'one inside another takes nothing more',
      [...procedure('HEARING', '11-04', '11-10'), ...procedure('TESTING', '11-05', '11-06')],
      '11-13',
    ],
    ['one after the limit has passed moves nothing', procedure('HEARING', '11-10', '11-20'), '11-09'],
    ['an end without a beginning is nothing', procedure('HEARING', '11-04', '11-06').slice(1), '11-09'],
  ])('accepted on Monday 11-02, 5 days; %s', (_what, pauses, due) => {
    for (const kind of ['STATUTORY', 'PROMISED'] as const) expect(dueDay(clock(kind, [accepted('11-02'), ...pauses], five))).toBe(due);
  });

  test.each([
    // 07-02, 03, 06..10, 13, 14, 15 without pauses
    ['two apart', [...procedure('HEARING', '07-03', '07-07'), ...procedure('TENDER', '07-09', '07-10')], '07-20'],
    ['two that touch', [...procedure('HEARING', '07-03', '07-07'), ...procedure('TENDER', '07-07', '07-08')], '07-20'],
    [
      'two with some hours between',
      [...procedure('HEARING', '07-03', '07-07 09:00'), ...procedure('TENDER', '07-07 14:00', '07-08')],
      '07-20',
    ],
    ['a kind twice', [...procedure('HEARING', '07-03', '07-07'), ...procedure('HEARING', '07-09', '07-10')], '07-20'],
  ])('accepted on 07-01, 10 days; %s', (_what, pauses, due) => {
    expect(dueDay(clock('STATUTORY', [accepted('07-01'), ...pauses], { statutoryDays: 10 }))).toBe(due);
  });

  test.each([
    // 乙类大型医用设备配置许可: expert review over the Spring Festival, 4 working days of it; 03-16 without
    ['02-10', 20, procedure('EXPERT_REVIEW', '02-12', '02-25'), '03-20'],
    // 第二类医疗器械产品注册: the technical examination of some 60 days is excluded, then 20 to decide
    ['03-02', 20, procedure('APPRAISAL', '03-03', '05-29'), '06-26'],
    // a procedure that lies in days off alone takes none
    ['09-30', 3, procedure('HEARING', '10-01', '10-08'), '10-10'],
  ])('accepted on %s, %i days, %j: due on %s', (from, days, pauses, due) => {
    expect(dueDay(clock('STATUTORY', [accepted(from), ...pauses], { statutoryDays: days }))).toBe(due);
  });

  test('while one is running nobody knows when the limit ends, and what is left stands still', () => {
    const events = [accepted('11-02'), ...procedure('HEARING', '11-09 10:00')];
    for (const now of ['11-09 11:00', '11-10', '11-30']) {
      expect(clock('STATUTORY', events, five, now)).toMatchObject({
        state: 'PAUSED',
        dueAt: null,
        elapsedDays: 4,
        remainingDays: 1,
        pending: false,
      });
    }
    // a limit that had passed before stays passed
    const late = clock('STATUTORY', [accepted('11-02'), ...procedure('HEARING', '11-10')], five, '11-20');
    expect(late).toMatchObject({ state: 'OVERDUE', elapsedDays: 5, lateDays: 0 });
    expect(dueDay(late)).toBe('11-09');
  });

  test('the pauses are told, merged, as they were', () => {
    const { pauses } = clock(
      'STATUTORY',
      [
        accepted('11-02'),
        ...procedure('HEARING', '11-04', '11-06'),
        ...procedure('TESTING', '11-05', '11-10'),
        ...procedure('TENDER', '11-12'),
      ],
      { statutoryDays: 20 },
    );
    expect(pauses).toEqual([
      { from: at('11-04'), to: at('11-10'), procedures: ['HEARING', 'TESTING'] },
      { from: at('11-12'), to: null, procedures: ['TENDER'] },
    ]);
  });

  test('a decision ends what was left running', () => {
    const events = [accepted('11-02'), ...procedure('HEARING', '11-04'), decided('11-30')];
    expect(clock('STATUTORY', events, five)).toMatchObject({ state: 'MET', elapsedDays: 2, stoppedAt: at('11-30') });
  });
});

describe('an extension, once (Administrative Licensing Law, Art. 42)', () => {
  test.each<[string, string, number, ClockEvent[], string, number]>([
    ['none', '03-02', 20, [], '03-30', 0],
    ['特殊工时制度审批, 20 + 10', '03-02', 20, [extended('03-25', 10)], '04-14', 10],
    ['on the last day', '03-02', 20, [extended('03-30 23:59', 10)], '04-14', 10],
    ['a day too late', '03-02', 20, [extended('03-31 00:00', 10)], '03-30', 0],
    ['twice: the first counts', '03-02', 20, [extended('03-20', 10), extended('03-27', 5)], '04-14', 10],
    ['joint handling, 45 + 15', '01-05', 45, [extended('03-02', 15)], '04-03', 15],
    ['joint handling, not extended', '01-05', 45, [], '03-13', 0],
    [
      'inside the limit because a hearing moved it',
      '03-02',
      20,
      [...procedure('HEARING', '03-16', '03-23'), extended('04-01', 10)],
      '04-21',
      10,
    ],
    ['while a procedure is running', '03-02', 20, [...procedure('HEARING', '03-16', '03-23'), extended('03-18', 10)], '04-21', 10],
  ])('%s', (_what, from, statutoryDays, events, due, extendedDays) => {
    const found = clock('STATUTORY', [accepted(from), ...events], { statutoryDays });
    expect([dueDay(found), found.extendedDays]).toEqual([due, extendedDays]);
  });

  test('a promise that was missed before is not kept by it', () => {
    const events = [accepted('03-02'), extended('03-25', 10)];
    const limits = { promisedDays: 5, statutoryDays: 20 };
    expect(dueDay(clock('PROMISED', events, limits))).toBe('03-09');
    expect(dueDay(clock('STATUTORY', events, limits))).toBe('04-14');
    expect(dueDay(clock('PROMISED', [accepted('03-02'), extended('03-06', 10)], limits))).toBe('03-23');
  });
});

describe('how much is used and left', () => {
  // accepted on Monday 11-02, 5 days: 11-03, 04, 05, 06, 09
  test.each<[string, number, number, number, ClockState]>([
    ['11-02 18:00', 0, 5, 0, 'RUNNING'],
    ['11-04', 2, 3, 0, 'RUNNING'],
    ['11-06 23:59', 4, 1, 0, 'RUNNING'],
    ['11-07', 4, 1, 0, 'RUNNING'],
    ['11-09 23:59:59.999', 5, 0, 0, 'RUNNING'],
    ['11-10 00:00', 6, 0, 1, 'OVERDUE'],
    ['11-14', 9, 0, 4, 'OVERDUE'],
  ])('on %s', (now, elapsedDays, remainingDays, lateDays, state) => {
    expect(clock('STATUTORY', [accepted('11-02')], { statutoryDays: 5 }, now)).toMatchObject({
      elapsedDays,
      remainingDays,
      lateDays,
      state,
    });
  });

  test.each<[string, string, ClockState, number]>([
    ['11-09 23:59:59.999', 'APPROVED', 'MET', 5],
    ['11-09', 'REFUSED', 'MET', 5],
    ['11-10 00:00', 'APPROVED', 'MISSED', 6],
    // late though no further working day has gone by
    ['11-14', 'REFUSED', 'MISSED', 9],
    ['11-06', 'WITHDRAWN', 'ENDED', 4],
    ['11-10', 'TERMINATED', 'MISSED', 6],
  ])('decided on %s, %s: %s', (day, outcome, state, elapsedDays) => {
    expect(clock('STATUTORY', [accepted('11-02'), decided(day, outcome)], { statutoryDays: 5 })).toMatchObject({ state, elapsedDays });
  });
});

describe('the notice of what is missing (Art. 17: 2 working days; Administrative Licensing Law, Art. 32: 5)', () => {
  test.each([
    ['11-24', '11-26', '12-01'],
    ['02-13', '02-24', '02-27'],
    ['11-28', '12-01', '12-04'],
    ['09-30 20:00', '10-09', '10-13'],
  ])('handed in on %s: by %s, and by %s', (day, notice, statutory) => {
    expect(dueDay(clock('NOTICE', [submitted(day)]))).toBe(notice);
    expect(dueDay(clock('NOTICE_STATUTORY', [submitted(day)]))).toBe(statutory);
  });

  test.each<[string, string, ClockState, ClockState]>([
    ['APPLICATION_NOTICE_GIVEN', '11-26 23:59', 'MET', 'MET'],
    ['APPLICATION_NOTICE_GIVEN', '11-27 00:00', 'MISSED', 'MET'],
    ['APPLICATION_NOTICE_GIVEN', '12-02', 'MISSED', 'MISSED'],
    ['APPLICATION_REFUSED', '11-25', 'MET', 'MET'],
    ['ACCEPTED', '12-01', 'MISSED', 'MET'],
    ['APPLICATION_WITHDRAWN', '11-26', 'ENDED', 'ENDED'],
  ])('handed in on 11-24; %s on %s', (kind, day, notice, statutory) => {
    const events = [submitted('11-24'), { kind, at: at(day) }];
    expect([clock('NOTICE', events).state, clock('NOTICE_STATUTORY', events).state]).toEqual([notice, statutory]);
  });

  test('a correction is a receipt of its own', () => {
    const events = [
      submitted('11-02'),
      { kind: 'APPLICATION_NOTICE_GIVEN', at: at('11-03') },
      { kind: 'APPLICATION_CORRECTED', at: at('11-10') },
    ];
    const found = clocksOf(events, { promisedDays: 5, statutoryDays: 20 }, calendar, at('11-13'));
    expect(found.map(({ kind, state, dueAt }) => [kind, state, dueAt && shanghaiDay(dueAt)])).toEqual([
      ['NOTICE', 'MET', '2026-11-04'],
      ['NOTICE_STATUTORY', 'MET', '2026-11-09'],
      ['NOTICE', 'OVERDUE', '2026-11-12'],
      ['NOTICE_STATUTORY', 'RUNNING', '2026-11-17'],
    ]);
  });

  test('an application that nobody answered counts as accepted from the day of its receipt', () => {
    const deemed = { kind: 'APPLICATION_DEEMED_ACCEPTED', at: at('12-01 23:59:59.999') };
    const events = [submitted('11-24'), deemed, accepted('11-24')];
    const limits = { promisedDays: 5, statutoryDays: 20 };
    expect(clock('NOTICE_STATUTORY', events, limits).state).toBe('MISSED');
    expect(dueDay(clock('PROMISED', events, limits))).toBe('12-01');
    expect(dueDay(clock('STATUTORY', events, limits))).toBe('12-22');
  });
});

describe('delivery (Administrative Licensing Law, Art. 44: 10 working days; Art. 22)', () => {
  const delivered = (day: string): ClockEvent => ({ kind: 'DELIVERED', at: at(day) });
  test.each([
    ['11-20', '12-04'],
    ['09-24', '10-15'],
    ['02-13', '03-05'],
  ])('decided on %s: by %s', (day, due) => {
    expect(dueDay(clock('DELIVERY', [accepted('01-05'), decided(day)]))).toBe(due);
    expect(dueDay(clock('DELIVERY', [accepted('01-05'), decided(day, 'REFUSED')]))).toBe(due);
  });

  test('on the last day it is in time, the next working day it is late', () => {
    const events = (day: string) => [accepted('11-02'), decided('11-20'), delivered(day)];
    expect(clock('DELIVERY', events('12-04 23:00'))).toMatchObject({ state: 'MET', elapsedDays: 10 });
    expect(clock('DELIVERY', events('12-07'))).toMatchObject({ state: 'MISSED', lateDays: 1 });
  });

  test('nothing is delivered of what was withdrawn', () => {
    const events = [accepted('11-02'), decided('11-04', 'WITHDRAWN')];
    expect(clocksOf(events, { promisedDays: 5, statutoryDays: 20 }, calendar, at('12-31')).map(({ kind }) => kind)).toEqual([
      'PROMISED',
      'STATUTORY',
    ]);
  });
});

describe('the limit of a step (Art. 12)', () => {
  const steps = new Map([
    ['review', 5],
    ['check', 1],
  ]);
  test('runs from its beginning to its end and stands still with the case', () => {
    expect(dueDay(clock('STEP', [accepted('10-20'), ...step('review', '11-02')], { steps }))).toBe('11-09');
    expect(dueDay(clock('STEP', [accepted('02-10'), ...step('check', '02-27')], { steps }))).toBe('02-28');
    const paused = [accepted('10-20'), ...step('review', '11-02'), ...procedure('HEARING', '11-04', '11-06')];
    expect(dueDay(clock('STEP', paused, { steps }))).toBe('11-11');
    // what was over before it began is none of its pauses
    const before = [accepted('10-20'), ...procedure('HEARING', '10-22', '10-30'), ...step('review', '11-02')];
    expect(clock('STEP', before, { steps })).toMatchObject({ dueAt: at('11-09 23:59:59.999'), pauses: [] });
  });

  test('is met, missed, or given up with the decision', () => {
    expect(clock('STEP', [accepted('10-20'), ...step('review', '11-02', '11-09')], { steps })).toMatchObject({
      state: 'MET',
      stepCode: 'review',
    });
    expect(clock('STEP', [accepted('10-20'), ...step('review', '11-02', '11-10')], { steps })).toMatchObject({
      state: 'MISSED',
      lateDays: 1,
    });
    expect(clock('STEP', [accepted('10-20'), ...step('review', '11-02'), decided('11-04')], { steps }).state).toBe('ENDED');
    expect(clock('STEP', [accepted('10-20'), decided('11-04'), ...step('check', '11-05')], { steps }, '11-10').state).toBe('OVERDUE');
  });

  test('a step without a limit has no clock', () => {
    expect(() => clock('STEP', [accepted('10-20'), ...step('else', '11-02')], { steps })).toThrow('no clock STEP');
  });
});
