import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { ServiceItemKind, ServiceItemState } from './item-enums.js';
import { ServiceGuide } from './service-guide.js';

/** Guide, flow and review rules are resolved from the department's definition. */
@ObjectType({ description: '政务服务事项。A thing a department does on application.' })
@Directive('@key(fields: "code departmentCode")')
export class ServiceItem {
  @Field(() => ID, { description: "实施编码。The item's code." }) code!: string;
  @Field(() => ID, { description: '部门编码。The department that offers it.' }) departmentCode!: string;
}

@ObjectType({ description: '部门向目录申报的事项。An item as its department declares it to the catalogue.' })
export class DeclaredItem {
  @Field(() => ID) code!: string;
  @Field(() => ID) departmentCode!: string;
  @Field() name!: string;
  @Field(() => ServiceItemKind) kind!: ServiceItemKind;
  @Field(() => ServiceItemState) state!: ServiceItemState;
  @Field(() => ServiceGuide) guide!: ServiceGuide;
}
