import { describe, expect, test } from 'vitest';
import type { ItemVersion } from '../../../../subgraphs/platform/supervision/facts/item-history.js';
import { reviewRulesMissing } from '../../../../subgraphs/platform/supervision/rules/review-rules-missing.js';
import type { AlertRule } from '../../../../subgraphs/platform/supervision/types/enums.js';
import { china, findingsIn, ITEM, inChina, type LifeOptions, type Told, whenFound } from './lives.js';

// Worked out by hand from the State Council's calendar of 2026: off 01-01..03, 02-15..23, 04-04..06, 05-01..05, 06-19..21,
// 09-25..27, 10-01..07; worked 01-04, 02-14, 02-28, 05-09, 09-20, 10-10. 2 March 2026 is a Monday.
// A limit ends with its last day, so what is past it is found at midnight after it.

const ACCEPTED: Told = ['ACCEPTED', '2026-03-02 10:00'];
const RECEIVED: Told = ['RECEIVED', '2026-03-02 10:01'];
const APPROVED = { outcome: 'APPROVED', hasReasons: false, reviewRuleVersion: 2 };
const REFUSED = { outcome: 'REFUSED', hasReasons: true, reviewRuleVersion: 2 };
const HEARING = { procedureKind: 'HEARING' };

type Example = [rule: AlertRule, story: string, told: Told[], at: string[], options?: LifeOptions];

const EXAMPLES: Example[] = [
  // Art. 22: the promised limit
  ['PROMISED_OVERDUE', '5 days from Monday 2 March end on Monday 9 March', [ACCEPTED, RECEIVED], ['2026-03-10 00:00']],
  ['PROMISED_OVERDUE', 'decided on the last day, late in the evening', [ACCEPTED, ['DECIDED', '2026-03-09 23:59', APPROVED]], []],
  ['PROMISED_OVERDUE', 'decided a minute into the next day', [ACCEPTED, ['DECIDED', '2026-03-10 00:01', APPROVED]], ['2026-03-10 00:00']],
  [
    'PROMISED_OVERDUE',
    'before the Spring Festival: 5 from 13 February end on 27 February',
    [['ACCEPTED', '2026-02-13 09:00']],
    ['2026-02-28 00:00'],
  ],
  [
    'PROMISED_OVERDUE',
    'before the National Day: 20 from 24 September end on 29 October',
    [['ACCEPTED', '2026-09-24 09:00']],
    ['2026-10-30 00:00'],
    { promisedDays: 20, statutoryDays: 40 },
  ],
  ['PROMISED_OVERDUE', 'the same day (即办件)', [ACCEPTED], ['2026-03-03 00:00'], { promisedDays: 0 }],
  ['PROMISED_OVERDUE', 'withdrawn in time', [ACCEPTED, ['DECIDED', '2026-03-05 10:00', { outcome: 'WITHDRAWN' }]], []],
  ['PROMISED_OVERDUE', 'a hearing that is still running', [ACCEPTED, ['SPECIAL_PROCEDURE_STARTED', '2026-03-04 10:00', HEARING]], []],
  [
    'PROMISED_OVERDUE',
    'a hearing from Wednesday to Friday takes out two days, so it ends on 11 March',
    [ACCEPTED, ['SPECIAL_PROCEDURE_STARTED', '2026-03-04 10:00', HEARING], ['SPECIAL_PROCEDURE_FINISHED', '2026-03-06 10:00', HEARING]],
    ['2026-03-12 00:00'],
  ],
  [
    'PROMISED_OVERDUE',
    'a hearing that began after it had passed changes nothing',
    [ACCEPTED, ['SPECIAL_PROCEDURE_STARTED', '2026-03-11 10:00', HEARING]],
    ['2026-03-10 00:00'],
  ],
  [
    'PROMISED_OVERDUE',
    'extended by 3 days within it',
    [ACCEPTED, ['EXTENDED', '2026-03-09 16:00', { extensionDays: 3 }]],
    ['2026-03-13 00:00'],
  ],
  [
    'PROMISED_OVERDUE',
    'extended when it had passed',
    [ACCEPTED, ['EXTENDED', '2026-03-10 16:00', { extensionDays: 3 }]],
    ['2026-03-10 00:00'],
  ],
  [
    'PROMISED_OVERDUE',
    'accepted by silence: it runs from the receipt, and is past when that is known',
    [['APPLICATION_SUBMITTED', '2026-03-02 10:00'], ['APPLICATION_DEEMED_ACCEPTED', '2026-03-09 23:59'], ACCEPTED],
    ['2026-03-10 00:00'],
  ],

  // Administrative Licensing Law, Art. 42
  ['STATUTORY_OVERDUE', '20 days from 2 March end on 30 March', [ACCEPTED, RECEIVED], ['2026-03-31 00:00']],
  ['STATUTORY_OVERDUE', 'decided past the promised, within the statutory limit', [ACCEPTED, ['DECIDED', '2026-03-27 10:00', APPROVED]], []],
  ['STATUTORY_OVERDUE', 'terminated in time', [ACCEPTED, ['DECIDED', '2026-03-30 10:00', { outcome: 'TERMINATED' }]], []],

  // Art. 35: reminders
  ['LIMIT_NEAR', 'of 5 days one is left on Friday 6 March', [ACCEPTED, RECEIVED], ['2026-03-06 00:00']],
  ['LIMIT_NEAR', 'decided the day before', [ACCEPTED, ['DECIDED', '2026-03-05 17:00', APPROVED]], []],
  [
    'LIMIT_NEAR',
    'a fifth of 15 is 3 days: it ends on 23 March, 3 are left on 18 March',
    [ACCEPTED],
    ['2026-03-18 00:00'],
    { promisedDays: 15 },
  ],
  ['LIMIT_NEAR', 'a limit of one day has none', [ACCEPTED], [], { promisedDays: 1 }],
  [
    'LIMIT_NEAR',
    'another one for the new end, after a hearing and an extension',
    [ACCEPTED, ['SPECIAL_PROCEDURE_STARTED', '2026-03-06 10:00', HEARING], ['SPECIAL_PROCEDURE_FINISHED', '2026-03-10 10:00', HEARING]],
    ['2026-03-06 00:00', '2026-03-10 10:00'],
  ],
  ['LIMIT_NEAR', 'two days before, as configured', [ACCEPTED], ['2026-03-05 00:00'], { thresholds: { remindDays: 2 } }],

  // Art. 12: steps
  [
    'STEP_OVERDUE',
    'a review of 3 days from 3 March ends on 6 March',
    [ACCEPTED, RECEIVED, ['STEP_STARTED', '2026-03-03 09:00', { stepCode: 'review' }]],
    ['2026-03-07 00:00'],
  ],
  [
    'STEP_OVERDUE',
    'finished on its last day',
    [ACCEPTED, ['STEP_STARTED', '2026-03-03 09:00', { stepCode: 'review' }], ['STEP_FINISHED', '2026-03-06 18:00', { stepCode: 'review' }]],
    [],
  ],
  ['STEP_OVERDUE', 'a step without a limit', [ACCEPTED, ['STEP_STARTED', '2026-03-03 09:00', { stepCode: 'other' }]], []],
  [
    'STEP_OVERDUE',
    'a hearing within it',
    [ACCEPTED, ['STEP_STARTED', '2026-03-03 09:00', { stepCode: 'review' }], ['SPECIAL_PROCEDURE_STARTED', '2026-03-04 10:00', HEARING]],
    [],
  ],

  // Art. 35: nothing happens
  ['STALLED', '5 days after it was received', [ACCEPTED, RECEIVED], ['2026-03-10 00:00']],
  [
    'STALLED',
    'once for each silence',
    [ACCEPTED, RECEIVED, ['STEP_STARTED', '2026-03-12 10:00', { stepCode: 'review' }]],
    ['2026-03-10 00:00', '2026-03-20 00:00'],
    { promisedDays: 30, statutoryDays: 30 },
  ],
  [
    'STALLED',
    'while a hearing runs nothing need happen',
    [ACCEPTED, RECEIVED, ['SPECIAL_PROCEDURE_STARTED', '2026-03-03 10:00', HEARING]],
    [],
  ],
  ['STALLED', 'once it is decided, delivery has its own limit', [ACCEPTED, RECEIVED, ['DECIDED', '2026-03-04 10:00', APPROVED]], []],
  ['STALLED', 'not received: another rule tells', [ACCEPTED], []],

  // Arts. 10, 19
  ['NOT_DISPATCHED', 'not received by the end of the next working day', [ACCEPTED], ['2026-03-04 00:00']],
  ['NOT_DISPATCHED', 'accepted on a Friday', [['ACCEPTED', '2026-03-06 16:00']], ['2026-03-10 00:00']],
  ['NOT_DISPATCHED', 'received', [ACCEPTED, ['RECEIVED', '2026-03-03 23:00']], []],
  [
    'NOT_DISPATCHED',
    'accepted by silence: counted from when that was known',
    [
      ['APPLICATION_SUBMITTED', '2026-03-02 10:00'],
      ['APPLICATION_DEEMED_ACCEPTED', '2026-03-09 23:59'],
      ['ACCEPTED', '2026-03-02 10:00', { recordedAt: china('2026-03-10 00:01') }],
    ],
    ['2026-03-12 00:00'],
  ],

  // Art. 17
  ['NOTICE_LATE', 'nothing told within 2 days', [['APPLICATION_SUBMITTED', '2026-03-02 10:00']], ['2026-03-05 00:00']],
  [
    'NOTICE_LATE',
    'told on the second day',
    [
      ['APPLICATION_SUBMITTED', '2026-03-02 10:00'],
      ['APPLICATION_NOTICE_GIVEN', '2026-03-04 17:00'],
    ],
    [],
  ],
  [
    'NOTICE_LATE',
    'accepted on the spot',
    [
      ['APPLICATION_SUBMITTED', '2026-03-02 10:00'],
      ['ACCEPTED', '2026-03-02 10:05'],
    ],
    [],
  ],
  [
    'NOTICE_LATE',
    'a correction starts another 2 days',
    [
      ['APPLICATION_SUBMITTED', '2026-03-02 10:00'],
      ['APPLICATION_NOTICE_GIVEN', '2026-03-03 10:00'],
      ['APPLICATION_CORRECTED', '2026-03-06 10:00'],
    ],
    ['2026-03-11 00:00'],
  ],
  [
    'NOTICE_LATE',
    'handed in after closing on the eve of the Spring Festival, 14 February, a working Saturday',
    [['APPLICATION_SUBMITTED', '2026-02-14 22:00']],
    ['2026-02-26 00:00'],
  ],
  [
    'SECOND_NOTICE',
    'told once',
    [
      ['APPLICATION_SUBMITTED', '2026-03-02 10:00'],
      ['APPLICATION_NOTICE_GIVEN', '2026-03-03 10:00'],
    ],
    [],
  ],
  [
    'SECOND_NOTICE',
    'told three times',
    [
      ['APPLICATION_SUBMITTED', '2026-03-02 10:00'],
      ['APPLICATION_NOTICE_GIVEN', '2026-03-03 10:00'],
      ['APPLICATION_CORRECTED', '2026-03-04 10:00'],
      ['APPLICATION_NOTICE_GIVEN', '2026-03-05 11:00'],
      ['APPLICATION_NOTICE_GIVEN', '2026-03-06 12:00'],
    ],
    ['2026-03-05 11:00', '2026-03-06 12:00'],
  ],

  // Administrative Licensing Law, Art. 32
  ['NOTICE_LATE_BY_LAW', 'nothing told within 5 days', [['APPLICATION_SUBMITTED', '2026-03-02 10:00']], ['2026-03-10 00:00']],
  [
    'NOTICE_LATE_BY_LAW',
    'refused on the fifth day',
    [
      ['APPLICATION_SUBMITTED', '2026-03-02 10:00'],
      ['APPLICATION_REFUSED', '2026-03-09 17:00'],
    ],
    [],
  ],
  [
    'NOTICE_LATE_BY_LAW',
    'that the law accepted it is no answer',
    [['APPLICATION_SUBMITTED', '2026-03-02 10:00'], ['APPLICATION_DEEMED_ACCEPTED', '2026-03-09 23:59'], ACCEPTED],
    ['2026-03-10 00:00'],
  ],

  // Administrative Licensing Law, Art. 45
  [
    'PAUSED_TOO_LONG',
    'a hearing longer than 30 working days: from 2 March to 14 April',
    [
      ['ACCEPTED', '2026-03-02 09:00'],
      ['SPECIAL_PROCEDURE_STARTED', '2026-03-02 10:00', HEARING],
    ],
    ['2026-04-15 00:00'],
  ],
  [
    'PAUSED_TOO_LONG',
    'ended before',
    [
      ['ACCEPTED', '2026-03-02 09:00'],
      ['SPECIAL_PROCEDURE_STARTED', '2026-03-02 10:00', HEARING],
      ['SPECIAL_PROCEDURE_FINISHED', '2026-04-14 10:00', HEARING],
    ],
    [],
  ],
  [
    'PROCEDURE_OVER_TOLD',
    'told 3 days',
    [ACCEPTED, ['SPECIAL_PROCEDURE_STARTED', '2026-03-03 10:00', { ...HEARING, expectedDays: 3 }]],
    ['2026-03-07 00:00'],
  ],
  [
    'PROCEDURE_OVER_TOLD',
    'ended on the third',
    [
      ACCEPTED,
      ['SPECIAL_PROCEDURE_STARTED', '2026-03-03 10:00', { ...HEARING, expectedDays: 3 }],
      ['SPECIAL_PROCEDURE_FINISHED', '2026-03-06 10:00', HEARING],
    ],
    [],
  ],
  ['PROCEDURE_OVER_TOLD', 'told nothing', [ACCEPTED, ['SPECIAL_PROCEDURE_STARTED', '2026-03-03 10:00', HEARING]], []],

  // Administrative Licensing Law, Art. 44
  ['DELIVERY_OVERDUE', '10 days from 4 March end on 18 March', [ACCEPTED, ['DECIDED', '2026-03-04 10:00', APPROVED]], ['2026-03-19 00:00']],
  [
    'DELIVERY_OVERDUE',
    'delivered on the tenth',
    [ACCEPTED, ['DECIDED', '2026-03-04 10:00', APPROVED], ['DELIVERED', '2026-03-18 17:00']],
    [],
  ],
  [
    'DELIVERY_OVERDUE',
    'delivered late is found all the same',
    [ACCEPTED, ['DECIDED', '2026-03-04 10:00', APPROVED], ['DELIVERED', '2026-03-20 17:00']],
    ['2026-03-19 00:00'],
  ],
  ['DELIVERY_OVERDUE', 'withdrawn: there is nothing to deliver', [ACCEPTED, ['DECIDED', '2026-03-04 10:00', { outcome: 'WITHDRAWN' }]], []],

  // Art. 12: rule versions
  [
    'DECIDED_WITHOUT_RULES',
    'cites none',
    [ACCEPTED, ['DECIDED', '2026-03-04 10:00', { ...APPROVED, reviewRuleVersion: null }]],
    ['2026-03-04 10:00'],
  ],
  ['DECIDED_WITHOUT_RULES', 'cites the version in force', [ACCEPTED, ['DECIDED', '2026-03-04 10:00', APPROVED]], []],
  [
    'DECIDED_WITHOUT_RULES',
    'cites an earlier one; found once the catalogue has had an hour',
    [ACCEPTED, ['DECIDED', '2026-03-04 10:00', { ...APPROVED, reviewRuleVersion: 1 }]],
    ['2026-03-04 11:00'],
  ],
  [
    'DECIDED_WITHOUT_RULES',
    'cites a new one that the catalogue learns of within the hour',
    [ACCEPTED, ['DECIDED', '2026-03-04 10:00', { ...APPROVED, reviewRuleVersion: 3 }]],
    [],
    { item: [...ITEM, { ...(ITEM[0] as ItemVersion), since: china('2026-03-04 10:20').toISOString(), reviewRuleVersion: 3 }] },
  ],
  [
    'DECIDED_WITHOUT_RULES',
    'withdrawn: nothing was decided by a rule',
    [ACCEPTED, ['DECIDED', '2026-03-04 10:00', { outcome: 'WITHDRAWN' }]],
    [],
  ],
  [
    'DECIDED_WITHOUT_RULES',
    'of an item that the catalogue does not know nothing is said',
    [ACCEPTED, ['DECIDED', '2026-03-04 10:00', { ...APPROVED, reviewRuleVersion: 9 }]],
    [],
    { item: [] },
  ],

  // Art. 22: reasons
  [
    'REFUSED_WITHOUT_REASONS',
    'no reasons',
    [ACCEPTED, ['DECIDED', '2026-03-04 10:00', { ...REFUSED, hasReasons: false }]],
    ['2026-03-04 10:00'],
  ],
  ['REFUSED_WITHOUT_REASONS', 'with reasons', [ACCEPTED, ['DECIDED', '2026-03-04 10:00', REFUSED]], []],
  ['REFUSED_WITHOUT_REASONS', 'an approval needs none', [ACCEPTED, ['DECIDED', '2026-03-04 10:00', APPROVED]], []],
];

describe('the rules of supervision', () => {
  test.each(EXAMPLES)('%s: %s', (rule, _story, told, at, options) => {
    expect(whenFound(rule, told, options)).toEqual(at);
  });

  test('every rule has an example in which it finds something, and one in which it finds nothing', () => {
    const rules = new Set(EXAMPLES.map(([rule]) => rule));
    for (const rule of rules) {
      const ats = EXAMPLES.filter(([of]) => of === rule).map(([, , , at]) => at.length);
      expect([rule, ats.some((n) => n > 0), ats.includes(0)]).toEqual([rule, true, true]);
    }
    expect([...rules].sort()).toEqual(
      [
        'DECIDED_WITHOUT_RULES',
        'DELIVERY_OVERDUE',
        'LIMIT_NEAR',
        'NOTICE_LATE',
        'NOTICE_LATE_BY_LAW',
        'NOT_DISPATCHED',
        'PAUSED_TOO_LONG',
        'PROCEDURE_OVER_TOLD',
        'PROMISED_OVERDUE',
        'REFUSED_WITHOUT_REASONS',
        'SECOND_NOTICE',
        'STALLED',
        'STATUTORY_OVERDUE',
        'STEP_OVERDUE',
      ].sort(),
    );
  });

  test('what was found ends when what it waited for happens', () => {
    const { findings } = findingsIn([ACCEPTED, RECEIVED, ['DECIDED', '2026-03-12 10:00', APPROVED]]);
    const ends = findings.filter(({ over }) => over !== null).map(({ rule, over }) => [rule, inChina(over as Date)]);
    expect(ends).toEqual([
      ['LIMIT_NEAR', '2026-03-09 23:59'],
      ['PROMISED_OVERDUE', '2026-03-12 10:00'],
      ['STALLED', '2026-03-12 10:00'],
    ]);
  });

  test('a case whose days no calendar covers is not guessed at, and says so', () => {
    const { findings, pending } = findingsIn([
      ['ACCEPTED', '2026-12-30 10:00'],
      ['RECEIVED', '2026-12-30 10:01'],
    ]);
    expect(pending).toBe(true);
    expect(findings).toEqual([]);
  });

  test('an item is offered without review rules, then has some, then loses them (Art. 12)', () => {
    const version = (since: string, reviewRuleVersion: number | null, active = true) => ({
      since: china(since).toISOString(),
      active,
      reviewRuleVersion,
      steps: {},
    });
    const found = reviewRulesMissing([
      version('2026-03-02 10:00', null),
      version('2026-03-03 10:00', null),
      version('2026-03-04 10:00', 1),
      version('2026-03-05 10:00', null),
    ]);
    expect(found.map(({ at, over }) => [inChina(at), over && inChina(over)])).toEqual([
      ['2026-03-02 10:00', '2026-03-04 10:00'],
      ['2026-03-05 10:00', null],
    ]);
    expect(reviewRulesMissing([version('2026-03-02 10:00', null, false), version('2026-03-03 10:00', 1)])).toEqual([]);
  });
});
