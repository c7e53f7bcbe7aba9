import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caseNumber, checkCharacter, isCaseNumber } from '../../../../subgraphs/platform/acceptance/rules/case-number.js';
import { endsWithDecision, standingAfter } from '../../../../subgraphs/platform/acceptance/rules/case-stage.js';
import { creditCodeCheck, creditCodeFault, normaliseCreditCode } from '../../../../subgraphs/platform/acceptance/rules/credit-code.js';
import { letterCandidates } from '../../../../subgraphs/platform/acceptance/rules/department-letters.js';
import { isPhoneNumber, normalisePhoneNumber } from '../../../../subgraphs/platform/acceptance/rules/phone-number.js';
import { normaliseResidentId, residentIdCheck, residentIdFault } from '../../../../subgraphs/platform/acceptance/rules/resident-id.js';
import {
  CASE_PROGRESS_KINDS,
  CASE_STAGES,
  type CaseProgressKind,
  type CaseStage,
} from '../../../../subgraphs/platform/acceptance/types/enums.js';

const TODAY = '2026-11-24';
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));

describe('resident identity numbers (GB 11643)', () => {
  test("the standard's own examples (annex A) have their check characters", () => {
    expect(residentIdFault('11010519491231002X', TODAY)).toBeUndefined();
    expect(residentIdCheck('44052418800101001')).toBe('4');
  });

  test.each([
    ['11010519491231002', 'LENGTH'],
    ['11010519491231002XX', 'LENGTH'],
    ['1101051949123100 X', 'LENGTH'],
    ['1101051949123X002X', 'LENGTH'],
    ['', 'LENGTH'],
    ['00010519491231002X', 'REGION'],
    ['110105194902290021', 'BIRTH_DATE'],
    ['110105189912310021', 'BIRTH_DATE'],
    ['11010520261125002X', 'BIRTH_DATE'],
    ['110105194912310020', 'CHECK_DIGIT'],
  ])('%s has a wrong %s', (number, fault) => {
    expect(residentIdFault(number, TODAY)).toBe(fault);
  });

  const number = fc
    .tuple(
      fc.constantFrom('11', '41', '65', '83'),
      digits(4),
      fc.date({ min: new Date('1900-01-01'), max: new Date('2026-11-24'), noInvalidDate: true }),
      digits(3),
    )
    .map(([province, region, birth, order]) => {
      const body = `${province}${region}${birth.toISOString().slice(0, 10).replaceAll('-', '')}${order}`;
      return body + residentIdCheck(body);
    });

  test('every well-made number is right, however its x is written', () => {
    fc.assert(fc.property(number, (id) => residentIdFault(normaliseResidentId(` ${id.toLowerCase()} `), TODAY) === undefined));
  });

  test('every single wrong digit and every two neighbours exchanged are noticed', () => {
    fc.assert(
      fc.property(number, fc.nat(16), fc.integer({ min: 1, max: 9 }), (id, place, shift) => {
        const wrong = id.slice(0, place) + ((Number(id[place]) + shift) % 10) + id.slice(place + 1);
        expect(residentIdFault(wrong, TODAY)).toBeDefined();
        const exchanged = id.slice(0, place) + id[place + 1] + id[place] + id.slice(place + 2);
        expect(exchanged === id || residentIdFault(exchanged, TODAY) !== undefined).toBe(true);
      }),
    );
  });
});

describe('unified social credit codes (GB 32100)', () => {
  /** The standard's own example, and codes that bodies publish. */
  test.each(['91350100M000100Y43', '9144030071526726XG', '914403001922038216', '91330100799655058B'])('%s is right', (code) => {
    expect(creditCodeFault(code)).toBeUndefined();
  });

  test.each([
    ['91350100M000100Y4', 'FORMAT'],
    ['91350100M000100Y433', 'FORMAT'],
    ['9135010OM000100Y43', 'FORMAT'],
    ['91350100I000100Y43', 'FORMAT'],
    ['91350100M000100Y44', 'CHECK_CHARACTER'],
  ])('%s has a wrong %s', (code, fault) => {
    expect(creditCodeFault(code)).toBe(fault);
  });

  const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const code = fc
    .tuple(fc.stringMatching(/^[0-9A-HJ-NPQRTUWXY]{2}$/), digits(6), fc.stringMatching(/^[0-9A-HJ-NPQRTUWXY]{9}$/))
    .map((parts) => parts.join('') + creditCodeCheck(parts.join('')));

  test('every well-made code is right, in small letters too; a single wrong character or an exchange is noticed', () => {
    fc.assert(
      fc.property(code, fc.nat(16), fc.integer({ min: 1, max: 30 }), (right, place, shift) => {
        expect(creditCodeFault(normaliseCreditCode(right.toLowerCase()))).toBeUndefined();
        const other = characters[(characters.indexOf(right[place] as string) + shift) % 31];
        expect(creditCodeFault(right.slice(0, place) + other + right.slice(place + 1))).toBeDefined();
        const exchanged = right.slice(0, place) + right[place + 1] + right[place] + right.slice(place + 2);
        expect(exchanged === right || creditCodeFault(exchanged) !== undefined).toBe(true);
      }),
    );
  });
});

describe('case numbers', () => {
  test('the worked example', () => {
    const number = caseNumber({ letters: 'DRUG', day: '2026-11-24', count: 17 });
    expect(number).toMatch(/^410000DRUG20261124000017[0-9A-Z]$/);
    expect(number).toBe(`410000DRUG20261124000017${checkCharacter('410000DRUG20261124000017')}`);
  });

  test('the check character is that of ISO 7064, by the example of its text', () => {
    expect(checkCharacter('A12425GABC1234002')).toBe('M');
  });

  test('are told from others by their check: every single wrong character is noticed', () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const parts = fc.record({
      letters: fc.stringMatching(/^[0-9A-Z]{2,4}$/),
      day: fc.constant('2026-11-24'),
      count: fc.integer({ min: 1, max: 999_999 }),
    });
    fc.assert(
      fc.property(parts, fc.nat(20), fc.integer({ min: 1, max: 35 }), (of, place, shift) => {
        const number = caseNumber(of);
        expect(isCaseNumber(number)).toBe(true);
        const other = alphabet[(alphabet.indexOf(number[place] as string) + shift) % 36];
        expect(isCaseNumber(number.slice(0, place) + other + number.slice(place + 1))).toBe(false);
      }),
    );
  });

  test('never run over into more digits', () => {
    expect(() => caseNumber({ letters: 'DRUG', day: '2026-11-24', count: 1_000_000 })).toThrow(RangeError);
  });
});

describe('what stands for a department', () => {
  test('is the beginning of its code, as far as that is free', () => {
    expect(letterCandidates('drug').next().value).toBe('DRUG');
    expect(letterCandidates('human-resources').next().value).toBe('HUMA');
    expect([...letterCandidates('transport')].slice(0, 3)).toEqual(['TRAN', 'TRAS', 'TRAP']);
    expect(letterCandidates('x').next().value).toBe('XX');
  });

  test('is two to four letters or digits, never the same twice, and enough for many that begin alike', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), (code) => {
        const candidates = [...letterCandidates(code)];
        expect(new Set(candidates).size).toBe(candidates.length);
        expect(candidates.length).toBeGreaterThan(1_000);
        expect(candidates.every((candidate) => /^[0-9A-Z]{2,4}$/.test(candidate))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the stage of a case', () => {
  const after = (events: [CaseProgressKind, string?][], stage: CaseStage = 'ACCEPTED') =>
    events.reduce((standing, [kind, procedureKind]) => standingAfter(standing, { kind, procedureKind }), {
      stage,
      runningProcedures: [] as readonly string[],
    });

  test('follows an ordinary case', () => {
    expect(after([['RECEIVED']]).stage).toBe('RECEIVED');
    expect(after([['RECEIVED'], ['STEP_STARTED']]).stage).toBe('IN_REVIEW');
    expect(after([['STEP_STARTED'], ['SPECIAL_PROCEDURE_STARTED', 'HEARING'], ['STEP_FINISHED']]).stage).toBe('SPECIAL_PROCEDURE');
    expect(
      after([
        ['SPECIAL_PROCEDURE_STARTED', 'HEARING'],
        ['SPECIAL_PROCEDURE_STARTED', 'TESTING'],
        ['SPECIAL_PROCEDURE_FINISHED', 'HEARING'],
      ]).stage,
    ).toBe('SPECIAL_PROCEDURE');
    expect(
      after([
        ['SPECIAL_PROCEDURE_STARTED', 'HEARING'],
        ['SPECIAL_PROCEDURE_FINISHED', 'HEARING'],
      ]).stage,
    ).toBe('IN_REVIEW');
    expect(after([['STEP_STARTED'], ['EXTENDED']]).stage).toBe('IN_REVIEW');
    expect(after([['DECIDED'], ['STEP_STARTED']]).stage).toBe('DECIDED');
    expect(after([['DECIDED'], ['CERTIFICATE_ISSUED'], ['DELIVERED']]).stage).toBe('DELIVERED');
    expect(['APPROVED', 'REFUSED', 'WITHDRAWN', 'TERMINATED'].map((outcome) => endsWithDecision(outcome as never))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('never goes back over the decision, whatever comes in which order', () => {
    const late: CaseStage[] = ['DECIDED', 'CERTIFICATE_ISSUED', 'DELIVERED'];
    const kinds = fc.array(fc.constantFrom(...(Object.keys(CASE_PROGRESS_KINDS) as CaseProgressKind[])), { maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(CASE_STAGES) as CaseStage[])), kinds, (stage, events) => {
        const end = after(
          events.map((kind) => [kind, 'HEARING']),
          stage,
        ).stage;
        expect(late.indexOf(end)).toBeGreaterThanOrEqual(late.indexOf(stage));
      }),
    );
  });
});

describe('phone numbers', () => {
  test.each([
    ['13800005678', true],
    ['+86 138 0000 5678', true],
    ['0371-65900000', true],
    ['037165900000-123', true],
    ['010-65900000', true],
    ['12800005678', false],
    ['65900000', false],
    ['1380000567', false],
    ['', false],
    ['138000056789', false],
  ])('%s: %s', (text, right) => {
    expect(isPhoneNumber(normalisePhoneNumber(text))).toBe(right);
  });
});
