import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Cursor } from '../../kit/schema/scalars.js';
import { DepartmentAffiliation } from './department.js';
import { DepartmentEventKind } from './department-event-kind.js';

@Directive('@inaccessible')
@ObjectType({ description: '部门接入事件。A department joined, publishes something else, or left.' })
export class DepartmentEvent {
  @Field(() => ID, { description: '重复的编号即同一事件。A repeat of an id is the same event.' }) id!: string;
  @Field(() => Cursor) cursor!: string;
  @Field(() => DepartmentEventKind) kind!: DepartmentEventKind;
  @Field() occurredAt!: Date;
  @Field(() => ID) departmentCode!: string;
  @Field() name!: string;
  @Field(() => DepartmentAffiliation) affiliation!: DepartmentAffiliation;
  @Field({ description: '子图地址,http(s)://。Where its subgraph answers.' }) url!: string;
  @Field({ description: '子图订阅地址,ws(s)://。Where its subgraph answers subscriptions.' }) subscriptionUrl!: string;
}
