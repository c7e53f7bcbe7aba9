import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interprovincialPassengers } from '../../../../subgraphs/departments/transport/items/transport-operation.js';
import {
  CASE_STATES,
  type CaseMachine,
  MOVES,
  type MoveName,
  machineProblems,
  standardMachine,
} from '../../../../subgraphs/kit/department/case-machine.js';
import { itemProblems } from '../../../../subgraphs/kit/department/item-problems.js';
import { itemAllows } from '../../../../subgraphs/kit/department/rules/moves-of-the-item.js';
import { caller } from '../../../support/environment.js';

const standard = standardMachine(true);
const without = (move: MoveName): CaseMachine => standard.filter((transition) => transition.move !== move);
const codeOf = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
};

describe('the moves of an item', () => {
  test('are the contract ones unless the item says otherwise, and those have no problems', () => {
    expect(machineProblems(standard, true)).toEqual([]);
    expect(machineProblems(standardMachine(false), false)).toEqual([]);
    expect(itemProblems(interprovincialPassengers)).toEqual([]);
  });

  test.each<[string, CaseMachine, RegExp]>([
    ['without a decision', without('decide'), /never gets to its delivery/],
    ['without a delivery', without('deliverResult'), /never gets to its delivery/],
    ['without its certificate', without('issueCertificate'), /disagree on whether there is a certificate/],
    ['that stops and never goes on', without('finishSpecialProcedure'), /SPECIAL_PROCEDURE never gets/],
    ['with a move from nowhere', [...standard, { move: 'extendLimit', from: [], to: ['IN_REVIEW'] }], /leads from nowhere/],
    ['after its delivery', [...standard, { move: 'decide', from: ['DELIVERED'], to: ['APPROVED'] }], /after the delivery/],
    [
      'that says a move twice',
      [...standard, { move: 'decide', from: ['IN_REVIEW'], to: ['REFUSED'] }],
      /two transitions say what decide does/,
    ],
    ['that never refuses', standard.map((one) => (one.move === 'decide' ? { ...one, to: ['APPROVED', 'ENDED'] } : one)), /none refused/],
  ])('a machine %s is told at the start', (_what, machine, problem) => {
    expect(machineProblems(machine, true).join('; ')).toMatch(problem);
  });

  test('allow exactly what the data says, to every officer or to a post', () => {
    const officer = caller('o', 'department:drug');
    const chief = caller('c', 'department:drug', 'department:drug:chief');
    const guarded: CaseMachine = standard.map((one) => (one.move === 'decide' ? { ...one, posts: ['chief'] } : one));
    fc.assert(
      fc.property(fc.constantFrom(...CASE_STATES), fc.constantFrom(...CASE_STATES), fc.constantFrom(...MOVES), (from, to, move) => {
        const there = standard.some((one) => one.move === move && one.from.includes(from) && one.to.includes(to));
        const made = { from, to, move };
        const allowed = (who: typeof officer) => codeOf(() => itemAllows(guarded, made, 'drug', who)) === undefined;
        expect(allowed(chief)).toBe(there);
        expect(allowed(officer)).toBe(there && move !== 'decide');
        expect(codeOf(() => itemAllows(guarded, made, 'housing', chief)) === undefined).toBe(there && move !== 'decide');
      }),
    );
  });
});
