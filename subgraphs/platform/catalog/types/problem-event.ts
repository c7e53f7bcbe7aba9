import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Cursor } from '../../../kit/schema/scalars.js';

@Directive('@inaccessible')
@ObjectType({ description: '目录问题事件:事项未能列入目录的原因出现或消除。Why an item is not in the directory: found, or settled.' })
export class CatalogueProblemEvent {
  @Field(() => ID, { description: '重复的编号即同一事件。A repeat of an id is the same event.' }) id!: string;
  @Field(() => Cursor) cursor!: string;
  @Field() occurredAt!: Date;
  @Field({ description: '已消除。Whether it is settled.' }) settled!: boolean;
  @Field(() => ID) departmentCode!: string;
  @Field(() => ID, { description: '部门未给出可用编码时为空。Null when the department gave no usable code.', nullable: true }) itemCode!:
    | string
    | null;
  @Field(() => String, { nullable: true, description: '事项名称。The name of the item.' }) itemName!: string | null;
  @Field({ description: '原因。The reason.' }) reason!: string;
}
