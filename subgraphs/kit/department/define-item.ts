import { type CaseMachine, standardMachine } from './case-machine.js';
import type { DepartmentItem, DepartmentOffice, FlowStep } from './definition.js';
import { itemProblems } from './item-problems.js';
import type { ReviewRule } from './types/approval-flow.js';
import { ResultKind, ServiceItemKind, ServiceItemState } from './types/item-enums.js';
import type { ServiceGuide } from './types/service-guide.js';

/** The longest extension the law allows: Administrative Licensing Law, Art. 42. */
const LAWFUL_EXTENSION = 10;

/** An item as its department writes it down. */
export interface ItemDraft extends Omit<ServiceGuide, 'itemName' | 'implementingBody' | 'publishedAt'> {
  readonly code: string;
  readonly name: string;
  /** An administrative licence when left out. */
  readonly kind?: ServiceItemKind;
  readonly state?: ServiceItemState;
  /** When this version of the guide was published: `2026-01-05`, at the start of office hours. */
  readonly publishedOn: string;
  readonly approvalFlow: readonly FlowStep[];
  readonly reviewRules: { readonly version: number; readonly rules: readonly Omit<ReviewRule, 'version'>[] };
  readonly validYears?: number;
  /** The moves it allows; those of the contract when left out. */
  readonly machine?: CaseMachine;
  /** Whether its decisions are taken collectively (Art. 27). */
  readonly collective?: boolean;
  /** Working days, 10 when left out; joint handling may have 15. */
  readonly longestExtension?: number;
}

/**
 * An item with its guide complete in every part (Art. 11), its flow and its review rules (Art. 12).
 * @throws Error naming everything that is missing or does not fit together.
 */
export function defineItem(office: DepartmentOffice, draft: ItemDraft): DepartmentItem {
  const { code, name, kind = ServiceItemKind.LICENSE, state = ServiceItemState.ACTIVE, publishedOn } = draft;
  const { approvalFlow, reviewRules, validYears, longestExtension = LAWFUL_EXTENSION, machine, collective = false, ...guide } = draft;
  const item: DepartmentItem = {
    code,
    name,
    kind,
    state,
    guide: { ...guide, itemName: name, implementingBody: office.name, publishedAt: new Date(`${publishedOn}T01:00:00Z`) },
    approvalFlow,
    reviewRules: reviewRules.rules.map((rule) => ({ ...rule, version: reviewRules.version })),
    reviewRuleVersion: reviewRules.version,
    machine: machine ?? standardMachine(guide.result !== ResultKind.NONE),
    collective,
    validYears,
    longestExtension,
  };
  const problems = itemProblems(item);
  if (problems.length > 0) throw new Error(`the item ${name} of ${office.code} is not complete: ${problems.join('; ')}`);
  return item;
}
