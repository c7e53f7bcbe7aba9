import { registerEnumType } from 'type-graphql';

/** What a publication is checked for, in this order. */
export enum PublicationCheckKind {
  CONTRACT = 'CONTRACT',
  COMPOSITION = 'COMPOSITION',
  CLIENTS = 'CLIENTS',
  ENDPOINT = 'ENDPOINT',
}
registerEnumType(PublicationCheckKind, {
  name: 'PublicationCheckKind',
  description: '发布检查项。What a publication is checked for, in this order.',
  valuesConfig: {
    CONTRACT: { description: '是否符合部门契约 whether the schema keeps the department contract' },
    COMPOSITION: { description: '能否与其他部门的现行发布合成 whether it composes with everybody else’s current publication' },
    CLIENTS: { description: '是否影响正在使用的字段 whether it takes away what clients really used' },
    ENDPOINT: { description: '端点是否在线且符合契约 whether its endpoint answers, and behaves as the contract says' },
  },
});

/** How a check ended. */
export enum PublicationCheckOutcome {
  PASSED = 'PASSED',
  FAILED = 'FAILED',
  OVERRIDDEN = 'OVERRIDDEN',
  NOT_RUN = 'NOT_RUN',
}
registerEnumType(PublicationCheckOutcome, {
  name: 'PublicationCheckOutcome',
  description: '检查结果。How a check ended.',
  valuesConfig: {
    PASSED: { description: '通过 passed' },
    FAILED: { description: '未通过 failed' },
    OVERRIDDEN: { description: '未通过,已明确强制发布并记录 failed, and published all the same, on record' },
    NOT_RUN: {
      description: '未执行:前一项未通过,或尚无可比较的图谱 not run: an earlier one failed, or there is nothing to compare with yet',
    },
  },
});

/** One reason why a check failed, told to the department's engineers. */
export interface PublicationProblem {
  /** What kind of fault; a conformance check's id, or a code of composition's. */
  readonly code: string;
  readonly message: string;
  /** The department it concerns, when it concerns one. */
  readonly department?: string | undefined;
  /** The schema coordinate to blame. */
  readonly member?: string | undefined;
  /** One-based, in the published SDL. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly remedy?: string | undefined;
  /** It waited in vain for something, which an endpoint that is only slow brings about as well. */
  readonly outOfTime?: true | undefined;
}

export interface PublicationCheck {
  readonly kind: PublicationCheckKind;
  readonly outcome: PublicationCheckOutcome;
  readonly problems: readonly PublicationProblem[];
}
