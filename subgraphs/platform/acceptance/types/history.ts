import { Field, ID, Int, ObjectType } from 'type-graphql';
import { APPLICATION_EVENT_KINDS, type ApplicationEventKind, REFUSAL_REASONS, type RefusalReason } from './enums.js';

@ObjectType({ description: '申请进展。One event in the life of an application.' })
export class ApplicationEvent {
  @Field(() => APPLICATION_EVENT_KINDS, { description: '进展类型。What happened.' }) kind!: ApplicationEventKind;
  @Field(() => Date, { description: '发生时间。When it happened.' }) occurredAt!: Date;
}

@ObjectType({ description: '一次性告知中的一项。One entry of a one-time notice.' })
export class NoticeItem {
  @Field(() => ID, { nullable: true, description: '材料编码。The material.' }) materialCode!: string | null;
  @Field(() => ID, { nullable: true, description: '申请表项名称。The entry of the form.' }) formField!: string | null;
  @Field({ description: '材料或表项的名称。What the guide calls it.' }) label!: string;
  @Field(() => String, { nullable: true, description: '存在的问题;无权查看者为空。What is wrong; null for whoever may not see it.' })
  problem!: string | null;
  @Field(() => String, { nullable: true, description: '补正要求;无权查看者为空。How to mend it; null for whoever may not see it.' })
  remedy!: string | null;
  @Field({ description: '须提交纸质件。Whether it is wanted on paper.' }) onPaper!: boolean;
}

@ObjectType({ description: '一次性告知(第十七条)。A one-time notice (Art. 17).' })
export class OneTimeNotice {
  @Field(() => Int, { description: '第几次告知;大于1即为异常。Which notice it is; more than 1 is an anomaly.' }) ordinal!: number;
  @Field({ description: '异常:就同一申请再次告知。Whether it is an anomaly: a notice after the first.' }) anomaly!: boolean;
  @Field({ description: '情况复杂。Whether it was complex.' }) complex!: boolean;
  @Field(() => Date, { description: '告知时间。When it was given.' }) givenAt!: Date;
  @Field(() => Date, { nullable: true, description: '应告知时间。When it had to be given at the latest.' }) dueAt!: Date | null;
  @Field({ description: '逾期告知。Whether it came late.' }) late!: boolean;
  @Field(() => Date, { nullable: true, description: '补正时间。When it was answered.' }) correctedAt!: Date | null;
  @Field(() => [NoticeItem], { description: '须补正的全部内容。Everything to be corrected.' }) items!: NoticeItem[];
}

@ObjectType({ description: '不予受理。A refusal to accept.' })
export class AcceptanceRefusal {
  @Field(() => REFUSAL_REASONS, { description: '理由。The reason.' }) reason!: RefusalReason;
  @Field(() => String, {
    nullable: true,
    description: '书面说明;无权查看者为空。The reasons in writing; null for whoever may not see them.',
  })
  explanation!: string | null;
  @Field(() => String, { nullable: true, description: '有权机关。The competent body.' }) competentBody!: string | null;
  @Field(() => Date, { description: '决定时间。When it was refused.' }) refusedAt!: Date;
  @Field({ description: '救济途径。How to appeal.' }) appeal!: string;
}

@ObjectType({ description: '补正之前的申请材料与申请表。What was handed in before a correction.' })
export class ApplicationVersion {
  @Field(() => Int, { description: '版次,自1起。Which version, from 1.' }) ordinal!: number;
  @Field(() => Date, { description: '提交时间。When it was handed in.' }) handedInAt!: Date;
}

@ObjectType({ description: '草稿。A draft of an application.' })
export class ApplicationDraft {
  @Field(() => ID, { description: '草稿编号。Its id.' }) id!: string;
  @Field(() => Int, { description: '版次,每次保存加一。Its revision, one more with every save.' }) revision!: number;
  @Field(() => Date, { description: '保存时间。When it was saved.' }) savedAt!: Date;
  @Field({
    description: '已填写的内容(JSON,形如 SubmitApplicationInput)。What was filled in, as JSON in the shape of SubmitApplicationInput.',
  })
  content!: string;
}
