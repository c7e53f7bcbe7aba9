import type { DeclaredItem, FlowStep, ItemEntity } from '../client/documents.js';
import type { Session } from '../session.js';
import { expectThat, NotApplicable } from '../unmet.js';

/** The item that synthetic cases are for, with what is needed to lead one through it. */
export interface TestItem {
  readonly declared: DeclaredItem;
  readonly flow: readonly FlowStep[];
  /** Steps that an officer starts and finishes, in order: those before the decision. */
  readonly reviews: readonly FlowStep[];
  readonly endsInCertificate: boolean;
  /** What a decision cites. */
  readonly ruleVersion: number;
}

/** Steps that are made by `decide`, `issueCertificate` and `deliverResult`. */
const OWN_MOVE: ReadonlySet<string> = new Set(['DECISION', 'CERTIFICATE', 'DELIVERY']);

/** @throws NotApplicable without an active item; Unmet when its flow or rules are missing. */
export async function testItem(session: Session): Promise<TestItem> {
  const { itemCode } = session.options;
  const active = (await session.items()).filter(({ state, code }) => (itemCode === undefined ? state === 'ACTIVE' : code === itemCode));
  const chosen = active.find(({ guide }) => guide.result !== 'NONE') ?? active[0];
  if (chosen === undefined) {
    throw new NotApplicable(
      itemCode === undefined ? 'the department has no active item' : 'the department has no item with the code given',
    );
  }
  const found = await session.item(chosen.code);
  const { approvalFlow, reviewRules }: Partial<ItemEntity> = found ?? {};
  expectThat((approvalFlow?.length ?? 0) > 0, `item ${chosen.code} has no approval flow to follow`);
  expectThat((reviewRules?.length ?? 0) > 0, `item ${chosen.code} has no review rules to cite`);
  const flow = approvalFlow ?? [];
  return {
    declared: chosen,
    flow,
    reviews: flow.filter(({ kind }) => !OWN_MOVE.has(kind)),
    endsInCertificate: flow.some(({ kind }) => kind === 'CERTIFICATE'),
    ruleVersion: Math.max(...(reviewRules ?? []).map(({ version }) => version)),
  };
}
