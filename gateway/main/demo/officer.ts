import type { GraphClient } from './graph-client.js';

interface CaseState {
  number: string;
  departmentCode: string;
  steps: { code: string; finishedAt: string | null }[] | null;
  specialProcedures: { kind: string; finishedAt: string | null }[] | null;
  decision: { outcome: string; certificate: { number: string } | null } | null;
  delivery: { deliveredAt: string } | null;
  item: {
    approvalFlow: { code: string; kind: string }[] | null;
    reviewRules: { version: number }[] | null;
    guide: { result: string } | null;
  };
}

const STATE = /* GraphQL */ `
  query CaseForOfficer($number: ID!) {
    case(number: $number) {
      number
      departmentCode
      steps { code finishedAt }
      specialProcedures { kind finishedAt }
      decision { outcome certificate { number } }
      delivery { deliveredAt }
      item { approvalFlow { code kind } reviewRules { version } guide { result } }
    }
  }
`;

/** Steps that the contract has moves of their own for. */
const MOVES = ['DECISION', 'CERTIFICATE', 'DELIVERY'];

export type Move = 'startStep' | 'finishStep' | 'finishSpecialProcedure' | 'decide' | 'issueCertificate' | 'deliverResult';

/** A department's officer who does the next thing a case needs. */
export class Officer {
  constructor(readonly client: GraphClient) {}

  async read(number: string): Promise<CaseState | null> {
    const { case: found } = await this.client.ask<{ case: CaseState | null }>('CaseForOfficer', STATE, { number });
    return found;
  }

  /** Does the next move and says which; undefined when nothing is left, or the department has not received the case yet. */
  async advance(number: string, refuse?: string): Promise<Move | undefined> {
    const state = await this.read(number);
    if (state?.steps == null) return undefined;
    const { departmentCode, steps, decision, item } = state;
    const target = { departmentCode, caseNumber: number };
    const running = state.specialProcedures?.find(({ finishedAt }) => finishedAt === null);
    if (running !== undefined)
      return this.#move('finishSpecialProcedure', { ...target, kind: running.kind }, { kind: 'SpecialProcedureKind!' });
    const open = steps.find(({ finishedAt }) => finishedAt === null);
    if (open !== undefined)
      return this.#move('finishStep', { ...target, stepCode: open.code, opinion: '符合要求' }, { stepCode: 'ID!', opinion: 'String!' });
    const done = new Set(steps.map(({ code }) => code));
    const next = item.approvalFlow?.find(({ code, kind }) => !MOVES.includes(kind) && !done.has(code));
    if (next !== undefined && decision === null) return this.#move('startStep', { ...target, stepCode: next.code }, { stepCode: 'ID!' });
    if (decision === null) {
      const reviewRuleVersion = Math.max(...(item.reviewRules ?? []).map(({ version }) => version));
      const verdict = refuse === undefined ? { outcome: 'APPROVED', reasons: null } : { outcome: 'REFUSED', reasons: refuse };
      return this.#move(
        'decide',
        { ...target, ...verdict, reviewRuleVersion },
        { outcome: 'DecisionOutcome!', reasons: 'String', reviewRuleVersion: 'Int!' },
      );
    }
    const certifies = decision.outcome === 'APPROVED' && item.guide?.result !== 'NONE';
    if (certifies && decision.certificate === null)
      return this.#move('issueCertificate', { ...target, electronic: true }, { electronic: 'Boolean!' });
    if (state.delivery === null) return this.#move('deliverResult', { ...target, channel: 'ELECTRONIC' }, { channel: 'DeliveryChannel!' });
    return undefined;
  }

  async startSpecialProcedure(
    departmentCode: string,
    caseNumber: string,
    kind: string,
    reason: string,
    expectedDays: number,
  ): Promise<void> {
    await this.client.ask(
      'startSpecialProcedure',
      'mutation ($departmentCode: ID!, $caseNumber: ID!, $kind: SpecialProcedureKind!, $reason: String!, $expectedDays: Int) { startSpecialProcedure(departmentCode: $departmentCode, caseNumber: $caseNumber, kind: $kind, reason: $reason, expectedDays: $expectedDays) { number } }',
      { departmentCode, caseNumber, kind, reason, expectedDays },
    );
  }

  async #move(move: Move, values: Record<string, unknown>, own: Record<string, string>): Promise<Move> {
    const types: Record<string, string> = { departmentCode: 'ID!', caseNumber: 'ID!', ...own };
    const names = Object.keys(types);
    const declared = names.map((name) => `$${name}: ${types[name]}`).join(', ');
    const given = names.map((name) => `${name}: $${name}`).join(', ');
    await this.client.ask(move, `mutation (${declared}) { ${move}(${given}) { number } }`, values);
    return move;
  }
}
