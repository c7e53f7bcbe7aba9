import type { Faults } from './faults.js';
import type { PlainFeed } from './feed.js';
import type { PlainItem } from './items.js';
import { Refusal } from './refusal.js';

export interface PlainStep {
  code: string;
  name: string;
  kind: string;
  startedAt: string;
  finishedAt: string | null;
  handler: string;
  opinion: string | null;
}

export interface PlainCase {
  number: string;
  departmentCode: string;
  receivedAt: string;
  item: PlainItem;
  steps: PlainStep[];
  specialProcedures: { kind: string; startedAt: string; expectedDays: number | null; finishedAt: string | null; reason: string }[];
  extension: { days: number; reason: string; decidedAt: string } | null;
  decision: (Record<string, unknown> & { outcome: string; certificate: Record<string, unknown> | null }) | null;
  delivery: { channel: string; deliveredAt: string; trackingNumber: string | null } | null;
}

export interface PlainInput {
  number: string;
  departmentCode: string;
  itemCode: string;
  applicant: { name: string };
  promisedDueAt?: string | null;
}

interface PlainReceipt {
  caseNumber: string;
  receivedAt: string;
  alreadyReceived: boolean;
}

/** The cases of the plain department, in a Map, and how they are received. */
export class PlainCases {
  readonly #cases = new Map<string, PlainCase>();

  constructor(
    readonly code: string,
    readonly items: readonly PlainItem[],
    readonly feed: PlainFeed,
    readonly faults: Faults,
  ) {}

  now(): string {
    const now = new Date().toISOString();
    return this.faults.has('instants without milliseconds') ? now.replace(/\.\d+/, '') : now;
  }

  get(number: string): PlainCase | undefined {
    return this.#cases.get(number);
  }

  /** The case as `_entities` shows it. */
  shown(number: string): object | null {
    const { faults } = this;
    const found = faults.has('cases not answered by key') ? undefined : this.#cases.get(number);
    if (found === undefined) return null;
    return {
      ...found,
      __typename: 'Case',
      ...(faults.has('time of receipt differs') && { receivedAt: '2026-01-01T00:00:00.000Z' }),
      ...(faults.has('move not visible') && { extension: null }),
      ...(faults.has('steps newest first') && { steps: found.steps.toReversed() }),
      ...(faults.has('rules not cited') && found.decision !== null && { decision: { ...found.decision, reviewRuleVersion: 1 } }),
      ...(faults.has('reasons dropped') && found.decision !== null && { decision: { ...found.decision, reasons: null } }),
    };
  }

  async receive(input: PlainInput, askedOf: string): Promise<PlainReceipt> {
    const { faults } = this;
    const { number } = input;
    const item = this.#itemOf(input, askedOf);
    if (faults.has('push not idempotent at once')) {
      // looks first and writes later, with time between
      const earlier = this.#receipt(number);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (earlier !== undefined) return earlier;
    } else {
      const earlier = faults.has('push not idempotent') ? undefined : this.#receipt(number);
      if (earlier !== undefined && faults.has('received twice')) await this.#tell(number, this.now());
      if (earlier !== undefined) return earlier;
    }
    const receivedAt = this.now();
    const empty = { steps: [], specialProcedures: [], extension: null, decision: null, delivery: null };
    this.#cases.set(number, { number, departmentCode: this.code, receivedAt, item, ...empty });
    await this.#tell(number, receivedAt);
    return { caseNumber: number, receivedAt, alreadyReceived: false };
  }

  #receipt(caseNumber: string): PlainReceipt | undefined {
    const earlier = this.#cases.get(caseNumber);
    return earlier && { caseNumber, receivedAt: earlier.receivedAt, alreadyReceived: true };
  }

  #itemOf({ departmentCode, itemCode, promisedDueAt, applicant }: PlainInput, askedOf: string): PlainItem {
    const { faults } = this;
    if (faults.has('every push refused')) throw new Refusal('FORBIDDEN', 'no cases today');
    if (departmentCode !== askedOf && !faults.has('mismatching department received'))
      throw new Refusal('BAD_USER_INPUT', 'input.departmentCode names another department');
    if (faults.has('due dates required') && promisedDueAt == null) throw new Refusal('BAD_USER_INPUT', 'promisedDueAt is required');
    if (faults.has('rare characters refused') && /[\u{10000}-\u{10ffff}]/u.test(applicant.name))
      throw new Refusal('BAD_USER_INPUT', 'incorrect string value');
    const item = this.items.find(({ code }) => code === itemCode) ?? (faults.has('unknown item received') ? this.items[0] : undefined);
    if (item === undefined) throw new Refusal('UNKNOWN_ITEM', 'no such item');
    return item;
  }

  #tell(caseNumber: string, occurredAt: string): Promise<void> {
    return this.feed.append({ departmentCode: this.code, caseNumber, kind: 'RECEIVED', occurredAt });
  }
}
