import { Field, ID, InputType } from 'type-graphql';
import { ServiceItemKind, ServiceItemState } from '../../../kit/department/types/item-enums.js';

@InputType({ description: '事项筛选条件。Which items to list; all conditions together.' })
export class ServiceItemFilter {
  @Field(() => String, {
    nullable: true,
    description: '名称中的词,可多个,不计次序。Words in the name, in any order; an item has to have every one.',
  })
  text?: string | null;

  @Field(() => ServiceItemKind, { nullable: true, description: '事项类型。Items of this kind only.' })
  kind?: ServiceItemKind | null;

  @Field(() => ID, { nullable: true, description: '部门编码。Items of this department only.' })
  departmentCode?: string | null;

  @Field(() => ServiceItemState, {
    nullable: true,
    defaultValue: ServiceItemState.ACTIVE,
    description: '事项状态,显式传 null 表示不限。Items in this state; an explicit null means any.',
  })
  state?: ServiceItemState | null;
}
