import type { PlainCase, PlainCases, PlainStep } from './cases.js';
import type { Rule } from './faults.js';
import type { NewPlainEvent } from './feed.js';
import { Refusal } from './refusal.js';

export interface MoveArguments {
  departmentCode: string;
  caseNumber: string;
  [argument: string]: unknown;
}

type Told = Omit<NewPlainEvent, 'departmentCode' | 'caseNumber' | 'occurredAt' | 'kind'>;

/** What officers do, each as plain code that looks at its rules first. */
export class PlainMoves {
  #late: NewPlainEvent | undefined;

  constructor(readonly cases: PlainCases) {}

  /** Makes a move by name. @throws Refusal */
  async make(name: string, args: MoveArguments): Promise<PlainCase | null> {
    const { faults } = this.cases;
    const found = this.cases.get(args.caseNumber);
    this.rule('unknown-case', found !== undefined, 'CASE_NOT_FOUND');
    if (found === undefined) return null;
    try {
      const [kind, told] = MOVES[name]?.call(this, found, args) ?? [];
      if (kind === undefined) throw new Error(`${name} is no move`);
      await this.#tell(found, kind, told ?? {});
    } catch (error) {
      if (faults.has('illegal move writes event'))
        await this.#tell(found, 'STEP_STARTED', { step: stepOf('none', 'none', 'HEARING', this.cases.now()) });
      throw error;
    }
    return found;
  }

  /** @throws Refusal unless the rule holds, or is ignored. */
  rule(rule: Rule, holds: boolean, code: string): void {
    const { faults } = this.cases;
    if (holds || faults.has(`ignores ${rule}`)) return;
    if (rule === 'step-twice' && faults.has('refusal without code')) throw new Refusal('', 'no');
    throw new Refusal(faults.has('codes of its own') ? 'E-4712' : code, `the move is not lawful: ${rule}`);
  }

  async #tell({ number, departmentCode }: PlainCase, kind: string, told: Told): Promise<void> {
    const { feed, faults } = this.cases;
    // copied, since the case goes on changing
    const event: NewPlainEvent = { departmentCode, caseNumber: number, kind, occurredAt: this.cases.now(), ...structuredClone(told) };
    if (faults.has('wrong detail in event') && kind === 'CERTIFICATE_ISSUED') {
      return feed.append({ ...event, certificate: undefined, decision: { ...this.cases.get(number)?.decision } });
    }
    if (faults.has('two details in event') && kind === 'DECIDED') return feed.append({ ...event, step: this.cases.get(number)?.steps[0] });
    if (faults.has('event says otherwise') && kind === 'STEP_FINISHED')
      return feed.append({ ...event, step: { ...(event['step'] as object), opinion: '' } });
    if (faults.has('event too late') && kind === 'STEP_FINISHED' && this.#late === undefined) {
      this.#late = event;
      return undefined;
    }
    await feed.append(event);
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined) await feed.append(late);
  }
}

function stepOf(code: string, name: string, kind: string, startedAt: string): PlainStep {
  return { code, name, kind, startedAt, finishedAt: null, handler: 'officer', opinion: null };
}

type PlainMove = (this: PlainMoves, found: PlainCase, args: MoveArguments) => [kind: string, told: Told];

const reviewsOf = ({ item }: PlainCase) => item.approvalFlow.filter(({ kind }) => !['DECISION', 'CERTIFICATE', 'DELIVERY'].includes(kind));
const isFinished = ({ steps }: PlainCase, code: string) => steps.some((step) => step.code === code && step.finishedAt !== null);
const running = ({ specialProcedures }: PlainCase) => specialProcedures.find(({ finishedAt }) => finishedAt === null);

const MOVES: Record<string, PlainMove> = {
  startStep(found, { stepCode }) {
    const flow = reviewsOf(found);
    const place = flow.findIndex(({ code }) => code === stepCode);
    this.rule('during-procedure', running(found) === undefined, 'SPECIAL_PROCEDURE_RUNNING');
    this.rule('unknown-step', place >= 0, 'STEP_UNKNOWN');
    this.rule('step-twice', !found.steps.some(({ code }) => code === stepCode), 'STEP_ALREADY_STARTED');
    this.rule(
      'step-order',
      flow.slice(0, Math.max(place, 0)).every(({ code }) => isFinished(found, code)),
      'STEP_OUT_OF_ORDER',
    );
    const { code, name, kind } = flow[place] ?? { code: String(stepCode), name: '', kind: 'HEARING' };
    const step = stepOf(code, name, kind, this.cases.now());
    found.steps.push(step);
    return ['STEP_STARTED', { step }];
  },
  finishStep(found, { stepCode, opinion }) {
    const begun = found.steps.find(({ code, finishedAt }) => code === stepCode && finishedAt === null);
    this.rule('finish-unstarted', begun !== undefined, 'STEP_NOT_STARTED');
    const step = begun ?? stepOf(String(stepCode), '', 'HEARING', this.cases.now());
    Object.assign(step, { finishedAt: this.cases.now(), opinion });
    return ['STEP_FINISHED', { step }];
  },
  startSpecialProcedure(found, { kind, reason, expectedDays }) {
    const specialProcedure = {
      kind: String(kind),
      reason: String(reason),
      expectedDays: (expectedDays ?? null) as number | null,
      startedAt: this.cases.now(),
      finishedAt: null,
    };
    found.specialProcedures.push(specialProcedure);
    return ['SPECIAL_PROCEDURE_STARTED', { specialProcedure }];
  },
  finishSpecialProcedure(found, { kind }) {
    const begun = running(found);
    this.rule('procedure-not-running', begun?.kind === kind, 'SPECIAL_PROCEDURE_NOT_RUNNING');
    const specialProcedure = begun ?? { kind: String(kind), reason: '', expectedDays: null, startedAt: this.cases.now(), finishedAt: null };
    specialProcedure.finishedAt = this.cases.now();
    return ['SPECIAL_PROCEDURE_FINISHED', { specialProcedure }];
  },
  extendLimit(found, { days, reason }) {
    if (this.cases.faults.has('lawful move refused')) throw new Refusal('BAD_USER_INPUT', 'nothing is extended here');
    this.rule('extend-twice', found.extension === null, 'ALREADY_EXTENDED');
    found.extension = { days: Number(days), reason: String(reason), decidedAt: this.cases.now() };
    return ['EXTENDED', { extension: found.extension }];
  },
  decide(found, { outcome, reasons, reviewRuleVersion }) {
    this.rule('decide-twice', found.decision === null, 'CASE_ALREADY_DECIDED');
    this.rule(
      'decide-before-reviews',
      reviewsOf(found).every(({ code }) => isFinished(found, code)),
      'STEP_OUT_OF_ORDER',
    );
    this.rule(
      'rule-not-in-force',
      found.item.reviewRules.some(({ version }) => version === reviewRuleVersion),
      'REVIEW_RULE_NOT_IN_FORCE',
    );
    this.rule('refusal-reasons', outcome !== 'REFUSED' || typeof reasons === 'string', 'REASONS_REQUIRED');
    const made = {
      outcome: String(outcome),
      reasons,
      reviewRuleVersion,
      decidedAt: this.cases.now(),
      seal: '行政审批专用章',
      documentNumber: null,
    };
    found.decision = { ...made, certificate: null };
    return ['DECIDED', { decision: found.decision }];
  },
  issueCertificate(found, { electronic }) {
    this.rule('certificate-before-decision', found.decision?.outcome === 'APPROVED', 'CASE_NOT_DECIDED');
    const certificate = {
      number: `证${found.number}`,
      kind: 'CERTIFICATE',
      issuedAt: this.cases.now(),
      validUntil: '2029-11-23',
      electronic,
    };
    if (found.decision !== null) found.decision.certificate = certificate;
    return ['CERTIFICATE_ISSUED', { certificate }];
  },
  deliverResult(found, { channel, trackingNumber }) {
    this.rule('deliver-before-decision', found.decision !== null, 'CASE_NOT_DECIDED');
    this.rule('deliver-twice', found.delivery === null, 'RESULT_ALREADY_DELIVERED');
    found.delivery = { channel: String(channel), deliveredAt: this.cases.now(), trackingNumber: (trackingNumber ?? null) as string | null };
    return ['DELIVERED', { delivery: found.delivery }];
  },
};
