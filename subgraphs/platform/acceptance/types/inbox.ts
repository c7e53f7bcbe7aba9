import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Cursor } from '../../../kit/schema/scalars.js';
import { INBOX_KINDS, type InboxKind } from './enums.js';

@ObjectType({ description: '一件待办。Something that waits for you.' })
export class InboxItem {
  @Field(() => INBOX_KINDS, { description: '待办类型。What it is.' }) kind!: InboxKind;
  @Field(() => ID, { description: '部门编码。The department.' }) departmentCode!: string;
  @Field(() => Date, { description: '自何时起待办。Since when it waits.' }) waitingSince!: Date;
  @Field(() => Date, {
    nullable: true,
    description:
      '到期时间:受理前为告知时限(第十七条),办理中为承诺时限,决定后为送达时限;特别程序进行中或无时限者为空。When it is due: the notice before acceptance (Art. 17), the promised limit while it is handled, delivery after the decision; null while a special procedure is running, or without a limit.',
  })
  dueAt!: Date | null;
  @Field(() => ID, {
    nullable: true,
    description: '环节编码:进行中的环节,或预期的下一环节。The step that is running, or the next one expected.',
  })
  stepCode!: string | null;
  @Field(() => String, { nullable: true, description: '环节名称。Its name.' }) stepName!: string | null;
}

@ObjectType({ description: '某类待办的数量。How much of a kind waits.' })
export class InboxTally {
  @Field(() => INBOX_KINDS, { description: '待办类型。The kind.' }) kind!: InboxKind;
  @Field(() => Int, { description: '数量。How many wait.' }) waiting!: number;
}

@ObjectType({ description: '待办数量。How much waits for you.' })
export class InboxCounts {
  @Field(() => Int, { description: '总数。In all.' }) total!: number;
  @Field(() => Int, { description: '已逾期数。How many are past their due date.' }) overdue!: number;
  @Field(() => [InboxTally], { description: '分类数量。By kind.' }) byKind!: InboxTally[];
}

@ObjectType({ description: '待办变动后的数量。How much waits for you after a change.' })
export class InboxChange {
  @Field(() => Cursor, { description: '引起变动的事件在台账事件流中的位置。The place in the feed of the event that changed it.' })
  cursor!: string;
  @Field(() => Date, { description: '该事件的发生时间。When that happened.' }) occurredAt!: Date;
}
