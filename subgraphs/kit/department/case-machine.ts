import type { CaseFile } from './case-file.js';
import { DecisionOutcome } from './types/case-enums.js';

/** Where a case stands in its department. */
export const CASE_STATES = [
  'RECEIVED',
  'IN_REVIEW',
  'SPECIAL_PROCEDURE',
  'APPROVED',
  'CERTIFIED',
  'REFUSED',
  'ENDED',
  'DELIVERED',
] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** The contract's moves. */
export const MOVES = [
  'startStep',
  'finishStep',
  'startSpecialProcedure',
  'finishSpecialProcedure',
  'extendLimit',
  'decide',
  'issueCertificate',
  'deliverResult',
] as const;
export type MoveName = (typeof MOVES)[number];

/** A move that an item allows, from which states, and where it may lead. */
export interface Transition {
  readonly move: MoveName;
  readonly from: readonly CaseState[];
  readonly to: readonly CaseState[];
  /**
   * The posts that may make it, as the roles `department:<code>:<post>` besides the officer's own; every officer when left
   * out.
   */
  readonly posts?: readonly string[];
}

/** The moves of an item as data: review, decide, certificate, deliver. The rules of each move hold besides. */
export type CaseMachine = readonly Transition[];

const OPEN = ['RECEIVED', 'IN_REVIEW'] as const;

/** The moves of an item that restricts nothing: those of the contract, with a certificate or without. */
export function standardMachine(certificate: boolean): CaseMachine {
  return [
    { move: 'startStep', from: OPEN, to: ['IN_REVIEW'] },
    { move: 'finishStep', from: ['IN_REVIEW'], to: ['IN_REVIEW'] },
    { move: 'startSpecialProcedure', from: OPEN, to: ['SPECIAL_PROCEDURE'] },
    { move: 'finishSpecialProcedure', from: ['SPECIAL_PROCEDURE'], to: OPEN },
    { move: 'extendLimit', from: OPEN, to: OPEN },
    { move: 'decide', from: OPEN, to: ['APPROVED', 'REFUSED', 'ENDED'] },
    ...(certificate ? [{ move: 'issueCertificate', from: ['APPROVED'], to: ['CERTIFIED'] } as const] : []),
    { move: 'deliverResult', from: [certificate ? 'CERTIFIED' : 'APPROVED', 'REFUSED', 'ENDED'], to: ['DELIVERED'] },
  ];
}

/** The state a case is in, from what was done to it. */
export function stateOf({ delivery, certificate, decision, procedures, steps }: Omit<CaseFile, 'item' | 'form'>): CaseState {
  if (delivery !== null) return 'DELIVERED';
  if (certificate !== null) return 'CERTIFIED';
  if (decision?.outcome === DecisionOutcome.APPROVED) return 'APPROVED';
  if (decision?.outcome === DecisionOutcome.REFUSED) return 'REFUSED';
  if (decision !== null) return 'ENDED';
  if (procedures.some(({ finishedAt }) => finishedAt == null)) return 'SPECIAL_PROCEDURE';
  return steps.length === 0 ? 'RECEIVED' : 'IN_REVIEW';
}

/** What in a machine can't be: found when the department starts, not when an applicant waits. */
export function machineProblems(machine: CaseMachine, certificate: boolean): string[] {
  const problems: string[] = [];
  const reached = new Set<CaseState>(['RECEIVED']);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { from, to } of machine) if (from.some((state) => reached.has(state))) for (const state of to) reached.add(state);
  }
  for (const [index, { move, from, to }] of machine.entries()) {
    if (from.length === 0 || to.length === 0) problems.push(`the move ${move} leads from nowhere or to nowhere`);
    for (const state of from) {
      if (!reached.has(state)) problems.push(`the move ${move} begins in ${state}, which no case reaches`);
      if (machine.findIndex((other) => other.move === move && other.from.includes(state)) < index)
        problems.push(`two transitions say what ${move} does in ${state}`);
      if (state === 'DELIVERED') problems.push(`the move ${move} begins after the delivery, with which a case ends`);
    }
  }
  for (const state of reached)
    if (state !== 'DELIVERED' && !leadsOn(machine, state)) problems.push(`a case in ${state} never gets to its delivery`);
  if (!reached.has('APPROVED') || !reached.has('REFUSED')) problems.push('no case is ever approved, or none refused');
  if (!reached.has('ENDED')) problems.push('no case can be withdrawn or terminated');
  if (reached.has('CERTIFIED') !== certificate)
    problems.push("the machine and the guide's result disagree on whether there is a certificate");
  return problems;
}

/** Whether some moves lead from a state to the delivery. */
function leadsOn(machine: CaseMachine, state: CaseState): boolean {
  const reached = new Set<CaseState>([state]);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { from, to } of machine) if (from.some((one) => reached.has(one))) for (const next of to) reached.add(next);
  }
  return reached.has('DELIVERED');
}
