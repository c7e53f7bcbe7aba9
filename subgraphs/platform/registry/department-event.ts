import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Cursor } from '../../kit/schema/scalars.js';
import { DepartmentAffiliation } from './department.js';

/** What can happen to a department in the registry. */
export enum DepartmentEventKind {
  REGISTERED = 'REGISTERED',
  CHANGED = 'CHANGED',
}
registerEnumType(DepartmentEventKind, {
  name: 'DepartmentEventKind',
  description: '部门接入事件类型。What can happen to a department in the registry.',
  valuesConfig: {
    REGISTERED: { description: '首次接入 registered for the first time' },
    CHANGED: { description: '接入信息变更 published something else, or moved' },
  },
});

@Directive('@inaccessible')
@ObjectType({ description: '部门接入事件。A department joined, or publishes something else.' })
export class DepartmentEvent {
  @Field(() => ID, { description: '重复的编号即同一事件。A repeat of an id is the same event.' }) id!: string;
  @Field(() => Cursor) cursor!: string;
  @Field(() => DepartmentEventKind) kind!: DepartmentEventKind;
  @Field() occurredAt!: Date;
  @Field(() => ID) departmentCode!: string;
  @Field() name!: string;
  @Field(() => DepartmentAffiliation) affiliation!: DepartmentAffiliation;
  @Field({ description: '子图地址。http(s)://' }) url!: string;
  @Field({ description: '子图订阅地址。ws(s)://' }) subscriptionUrl!: string;
}
