import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { ClassType, NonEmptyArray } from 'type-graphql';
import type { StoreDefinition } from '../store/open-store.js';
import type { CaseMachine } from './case-machine.js';
import type { AcceptedCaseInput } from './types/accepted-case.js';
import type { ApprovalStep, ReviewRule } from './types/approval-flow.js';
import type { ServiceItemKind, ServiceItemState } from './types/item-enums.js';
import type { ServiceGuide } from './types/service-guide.js';

/** What the form of an application says, by field name. */
export type FormValues = ReadonlyMap<string, string>;

/** A step of an item's flow, in the order in which the steps are done. */
export interface FlowStep extends ApprovalStep {
  /** Left out: every case goes through it. Otherwise it may be passed over where this says no. */
  readonly requiredWhen?: (form: FormValues) => boolean;
}

/** Everything a department says about one item; {@link defineItem} makes it. */
export interface DepartmentItem {
  readonly code: string;
  readonly name: string;
  readonly kind: ServiceItemKind;
  readonly state: ServiceItemState;
  readonly guide: ServiceGuide;
  readonly approvalFlow: readonly FlowStep[];
  /** The rules in force; all have the version that a decision cites. */
  readonly reviewRules: readonly ReviewRule[];
  readonly reviewRuleVersion: number;
  /** The moves it allows; {@link standardMachine} when it says nothing else. */
  readonly machine: CaseMachine;
  /** Whether the decision is taken collectively (Art. 27), within the same limit. */
  readonly collective: boolean;
  /** Years a certificate is valid; without it a certificate has no end. */
  readonly validYears?: number | undefined;
  /** Working days by which the limit may be extended at most. */
  readonly longestExtension: number;
}

/** Who a department is. */
export interface DepartmentOffice {
  /** Lower-case words joined by hyphens: `human-resources`. */
  readonly code: string;
  /** Its official name. */
  readonly name: string;
  /** 省直 or 中央驻豫 (Art. 2). */
  readonly affiliation: 'PROVINCIAL' | 'CENTRAL';
  /** The seal its decisions bear (Art. 6). */
  readonly seal: string;
  /** What the numbers of its documents begin with: 豫交许. */
  readonly documentPrefix: string;
  /** 统一社会信用代码; its items' codes begin with it. */
  readonly creditCode: string;
}

/**
 * What a department adds beyond the contract. Its fields and types begin with the department's code (`transportRoute`,
 * `TransportRoute`) and its fields on `Case`, `ServiceItem`, `Query` and `Mutation` are nullable.
 */
export interface DepartmentExtension<L = unknown> {
  /**
   * Resolvers of classes of its own: `@ObjectType('Case') class TransportCase` has the key and the added fields. (A field
   * resolver on the contract's own `Case` class would appear in every department of the process.)
   */
  readonly resolvers: NonEmptyArray<ClassType>;
  /** Types that are reached through the contract's types only: `TransportCase`. */
  readonly types: readonly ClassType[];
  readonly tables: readonly EntityName[];
  readonly migrations: StoreDefinition['migrations'];
  /** Made once per request, found in the context as `own`. */
  loaders(em: SqlEntityManager): L;
  /** Called in the transaction that receives a case; must do nothing outside `tx`. */
  received?(tx: SqlEntityManager, received: AcceptedCaseInput, form: FormValues): Promise<void> | void;
}

/** A department, complete. */
export interface DepartmentDefinition<L = unknown> extends DepartmentOffice {
  readonly items: readonly DepartmentItem[];
  readonly extension?: DepartmentExtension<L>;
}
