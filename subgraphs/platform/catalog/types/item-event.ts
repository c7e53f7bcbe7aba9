import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ServiceItemKind, ServiceItemState } from '../../../kit/department/types/item-enums.js';
import { Cursor } from '../../../kit/schema/scalars.js';
import { ItemEventKind } from './item-event-kind.js';

@Directive('@inaccessible')
@ObjectType({ description: '事项所需材料。A material as an item event carries it.' })
export class ItemEventMaterial {
  @Field(() => ID) code!: string;
  @Field() name!: string;
  @Field() required!: boolean;
  @Field() electronic!: boolean;
  @Field() shared!: boolean;
}

@Directive('@inaccessible')
@ObjectType({ description: '申请表的一项。A form field as an item event carries it.' })
export class ItemEventFormField {
  @Field(() => ID) name!: string;
  @Field() label!: string;
  @Field() required!: boolean;
}

@Directive('@inaccessible')
@ObjectType({ description: '审批流程的一个环节。A step of the approval flow as an item event carries it.' })
export class ItemEventStep {
  @Field(() => ID) code!: string;
  @Field() name!: string;
  @Field(() => String) kind!: string;
  @Field(() => Int, { nullable: true, description: '环节时限(工作日)。Its own limit, in working days.' }) limitDays!: number | null;
}

@Directive('@inaccessible')
@ObjectType({ description: '目录事项事件,携带事项现状。An item changed; the event carries all that the directory knows of it then.' })
export class ItemEvent {
  @Field(() => ID, { description: '重复的编号即同一事件。A repeat of an id is the same event.' }) id!: string;
  @Field(() => Cursor) cursor!: string;
  @Field(() => ItemEventKind) kind!: ItemEventKind;
  @Field() occurredAt!: Date;
  @Field(() => ID) departmentCode!: string;
  @Field(() => ID) itemCode!: string;
  @Field() name!: string;
  @Field(() => ServiceItemKind) itemKind!: ServiceItemKind;
  @Field(() => ServiceItemState) state!: ServiceItemState;
  @Field(() => Int) guideVersion!: number;
  @Field(() => Int, { description: '工作日;0 为当日办结。Working days; 0 is the same day.' }) promisedDays!: number;
  @Field(() => Int, { description: '工作日。Working days.' }) statutoryDays!: number;
  @Field(() => [ItemEventMaterial]) materials!: ItemEventMaterial[];
  @Field(() => [ItemEventFormField]) formFields!: ItemEventFormField[];
  @Field(() => [ItemEventStep], {
    nullable: true,
    description: '审批流程;早先的事件未记载时为空。The approval flow; null in events from before it was recorded.',
  })
  steps!: ItemEventStep[] | null;
  @Field(() => Int, {
    nullable: true,
    description: '现行审查细则版本;无细则时为空。The version of the review rules in force; null without any.',
  })
  reviewRuleVersion!: number | null;
}
