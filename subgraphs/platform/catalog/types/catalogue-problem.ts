import { Field, ID, ObjectType } from 'type-graphql';
import { connectionType } from '../../../kit/schema/connection.js';

@ObjectType({
  description: '目录问题:部门无法访问,或其申报的事项不可用。Why a department, or an item that it declares, could not be taken over.',
})
export class CatalogueProblem {
  @Field(() => ID, { description: '部门编码。The department.' }) departmentCode!: string;
  @Field(() => ID, { nullable: true, description: '事项编码;整个部门的问题为空。The item; null when it is the whole department.' })
  itemCode?: string | null;
  @Field(() => String, { nullable: true, description: '申报的事项名称。The name it was declared under.' }) itemName?: string | null;
  @Field({ description: '原因。What is wrong, for whoever maintains the item.' }) reason!: string;
  @Field({ description: '首次发现时间。Since when.' }) since!: Date;
}

export const CatalogueProblemConnection = connectionType('CatalogueProblem', CatalogueProblem);
