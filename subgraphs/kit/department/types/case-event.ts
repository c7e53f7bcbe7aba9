import { Field, ID, ObjectType } from 'type-graphql';
import { Cursor } from '../../schema/scalars.js';
import { CaseEventKind } from './case-enums.js';
import { CaseStep, LimitExtension, SpecialProcedure } from './case-steps.js';
import { Certificate, Decision, Delivery } from './decision.js';

@ObjectType({
  description:
    '部门告知平台的事件,仅设置 `kind` 所指的一项明细。What a department tells the platform. Exactly one of the details is set, the one that `kind` names (none for RECEIVED).',
})
export class CaseEvent {
  @Field(() => ID, { description: '全省唯一。Unique across all departments; a repeat of an id is the same event.' }) id!: string;
  @Field(() => Cursor) cursor!: string;
  @Field(() => ID) departmentCode!: string;
  @Field(() => ID) caseNumber!: string;
  @Field(() => CaseEventKind) kind!: CaseEventKind;
  @Field() occurredAt!: Date;
  @Field(() => CaseStep, { nullable: true }) step?: CaseStep | null;
  @Field(() => SpecialProcedure, { nullable: true }) specialProcedure?: SpecialProcedure | null;
  @Field(() => LimitExtension, { nullable: true }) extension?: LimitExtension | null;
  @Field(() => Decision, { nullable: true }) decision?: Decision | null;
  @Field(() => Certificate, { nullable: true }) certificate?: Certificate | null;
  @Field(() => Delivery, { nullable: true }) delivery?: Delivery | null;
  @Field(() => String, { nullable: true }) note?: string | null;
}
