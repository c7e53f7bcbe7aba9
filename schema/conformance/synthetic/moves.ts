import type { Variables } from '../session.js';

/** Every move of the contract, as a mutation that answers the case's key. */
const ARGUMENTS = {
  startStep: { stepCode: 'ID!' },
  finishStep: { stepCode: 'ID!', opinion: 'String!' },
  startSpecialProcedure: { kind: 'SpecialProcedureKind!', reason: 'String!', expectedDays: 'Int' },
  finishSpecialProcedure: { kind: 'SpecialProcedureKind!' },
  extendLimit: { days: 'Int!', reason: 'String!' },
  decide: { outcome: 'DecisionOutcome!', reasons: 'String', reviewRuleVersion: 'Int!' },
  issueCertificate: { electronic: 'Boolean!' },
  deliverResult: { channel: 'DeliveryChannel!', trackingNumber: 'String' },
} as const satisfies Record<string, Record<string, string>>;

export type MoveName = keyof typeof ARGUMENTS;

export interface Move {
  readonly name: MoveName;
  readonly arguments: Variables;
}

export function move(name: MoveName, args: Variables): Move {
  return { name, arguments: args };
}

/** The mutation of a move; its variables are the move's arguments, `departmentCode` and `caseNumber`. */
export function mutationOf(name: MoveName): string {
  const args: [string, string][] = [['departmentCode', 'ID!'], ['caseNumber', 'ID!'], ...Object.entries(ARGUMENTS[name])];
  const declared = args.map(([argument, type]) => `$${argument}: ${type}`).join(', ');
  const given = args.map(([argument]) => `${argument}: $${argument}`).join(', ');
  return `mutation (${declared}) { ${name}(${given}) { __typename number departmentCode } }`;
}
