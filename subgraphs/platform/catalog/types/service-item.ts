import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ServiceItemKind, ServiceItemState } from '../../../kit/department/types/item-enums.js';
import { connectionType } from '../../../kit/schema/connection.js';

@Directive('@key(fields: "code", resolvable: false)')
@ObjectType({ description: '部门。A department that takes part in the unified acceptance graph.' })
export class Department {
  @Field(() => ID, { description: '部门编码,即 `departmentCode` 的取值。Its code, the value of `departmentCode`.' }) code!: string;
}

@Directive('@key(fields: "code departmentCode")')
@ObjectType({ description: '政务服务事项。A thing a department does on application.' })
export class ServiceItem {
  @Field(() => ID, { description: "实施编码或部门内事项编码。The item's code." }) code!: string;
  @Field(() => ID, { description: '部门编码。The department that offers it.' }) departmentCode!: string;
  @Field({ description: '事项名称。Its official name.' }) name!: string;
  @Field(() => ServiceItemKind, { description: '事项类型(第二条)。Its kind (Art. 2).' }) kind!: ServiceItemKind;
  @Field(() => ServiceItemState, { description: '事项状态。Whether it can be applied for.' }) state!: ServiceItemState;
  @Field(() => Int, { description: '承诺办结时限(工作日),0 为当日办结。The promised limit, in working days; 0 is the same day.' })
  promisedDays!: number;
  @Field(() => Int, { description: '法定办结时限(工作日)。The statutory limit, in working days.' }) statutoryDays!: number;
}

export const ServiceItemConnection = connectionType('ServiceItem', ServiceItem);
