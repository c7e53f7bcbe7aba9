import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Department } from './service-item.js';

@InputType({ description: '刷新目录。Which department to ask again.' })
export class RefreshCatalogueInput {
  @Field(() => ID, { description: '部门编码。The department.' }) departmentCode!: string;
}

@ObjectType({ description: '刷新目录的结果。What asking again changed.' })
export class RefreshCataloguePayload {
  @Field(() => Department, { description: '部门。The department.' }) department!: Department;
  @Field(() => Int, { description: '新增或恢复的事项数。How many items are offered anew.' }) declared!: number;
  @Field(() => Int, { description: '变更的事项数。How many items changed.' }) changed!: number;
  @Field(() => Int, { description: '取消的事项数。How many items are no longer offered.' }) retired!: number;
  @Field(() => Int, { description: '不可用的事项数,见 `catalogueProblems`。How many could not be used; see `catalogueProblems`.' })
  problems!: number;
}
