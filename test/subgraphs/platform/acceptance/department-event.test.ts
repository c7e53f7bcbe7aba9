import { describe, expect, test } from 'vitest';
import { checkedEvent, type DepartmentEvent } from '../../../../subgraphs/platform/acceptance/following/department-event.js';

const AT = '2026-03-02T01:00:00.000Z';

const event = (kind: string, detail: Partial<DepartmentEvent>): DepartmentEvent => ({
  id: 'e',
  cursor: 'c',
  departmentCode: 'drug',
  caseNumber: '410000DRUG202603020000010',
  kind,
  occurredAt: AT,
  ...detail,
});

describe('an event of a department', () => {
  test.each(['H'.repeat(60), 'hearing', 'constructor', '', null, undefined, 7])('with %j for a special procedure is refused', (kind) => {
    const told = event('SPECIAL_PROCEDURE_STARTED', { specialProcedure: { kind, startedAt: AT } });
    expect(() => checkedEvent(told, 'drug')).toThrow('its special procedure is none of the contract');
  });

  test('with a special procedure of the contract is taken', () => {
    const told = event('SPECIAL_PROCEDURE_STARTED', { specialProcedure: { kind: 'HEARING', startedAt: AT } });
    expect(checkedEvent(told, 'drug')).toMatchObject({ procedureKind: 'HEARING' });
  });

  test.each(['constructor', 'toString'])('with %j for a kind or an outcome is refused', (name) => {
    expect(() => checkedEvent(event(name, {}), 'drug')).toThrow('its kind is none of the contract');
    expect(() => checkedEvent(event('DECIDED', { decision: { outcome: name, decidedAt: AT } }), 'drug')).toThrow(
      'its outcome is none of the contract',
    );
  });
});
