import { describe, expect, test } from 'vitest';
import { CalendarDay, DateTime } from '../../../../subgraphs/kit/schema/scalars.js';

const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } });

describe('an instant', () => {
  test.for([
    ['2026-11-24T09:00:00+08:00', '2026-11-24T01:00:00.000Z'],
    ['2024-02-29T23:59:59.5Z', '2024-02-29T23:59:59.500Z'],
  ] as const)('%s is read', ([given, meant]) => expect(DateTime.parseValue(given)).toEqual(new Date(meant)));

  test.for([
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T12:00:00+08:00',
    '2026-13-01T00:00:00Z',
    '2026-11-24T25:00:00Z',
    '2026-11-24',
    7,
    null,
  ])('%s is refused', (given) => expect(() => DateTime.parseValue(given)).toThrow(refused));
});

describe('a day', () => {
  test('is one of the calendar', () => expect(CalendarDay.parseValue('2024-02-29')).toBe('2024-02-29'));
  test.for(['2026-02-29', '2026-2-1', '2026-11-24T00:00:00Z', 20261124])('%s is refused', (given) =>
    expect(() => CalendarDay.parseValue(given)).toThrow(refused),
  );
});
