import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { DepartmentAffiliation } from './department.js';

@Directive('@inaccessible')
@InputType({ description: '部门接入信息。A department as it announces itself.' })
export class RegisterDepartmentInput {
  @Field(() => ID, { description: '部门编码。Its code.' }) code!: string;
  @Field({ description: '部门名称。Its official name.' }) name!: string;
  @Field(() => DepartmentAffiliation, { description: '隶属关系。Whom it answers to.' }) affiliation!: DepartmentAffiliation;
  @Field({ description: '子图地址。Its subgraph, http(s)://.' }) url!: string;
  @Field({ description: '子图订阅地址。Its subgraph for subscriptions, ws(s)://.' }) subscriptionUrl!: string;
  @Field({ description: '子图完整 SDL。Its whole subgraph SDL, as `_service { sdl }` answers it.' }) sdl!: string;
}

@Directive('@inaccessible')
@ObjectType({ description: '部门接入结果。The registry took the department.' })
export class RegisterDepartmentPayload {
  @Field(() => ID, { description: '部门编码。Its code.' }) departmentCode!: string;
  @Field(() => String, {
    nullable: true,
    description: '现行图谱版本;平台子图尚未齐备时为空。The supergraph in force; null until every platform subgraph is registered.',
  })
  supergraphVersion!: string | null;
}

@Directive('@inaccessible')
@InputType({ description: '平台子图接入信息。A subgraph of the platform as it announces itself.' })
export class RegisterPlatformInput {
  @Field(() => ID, { description: '子图名称。Its name in the supergraph.' }) name!: string;
  @Field({ description: '子图地址,http(s)://。Where its subgraph answers.' }) url!: string;
  @Field({ description: '子图订阅地址,ws(s)://。Where its subgraph answers subscriptions.' }) subscriptionUrl!: string;
  @Field({ description: '子图完整 SDL。Its whole subgraph SDL.' }) sdl!: string;
}

@Directive('@inaccessible')
@ObjectType({ description: '平台子图接入结果。The registry took the platform subgraph.' })
export class RegisterPlatformPayload {
  @Field(() => ID, { description: '子图名称。Its name in the supergraph.' }) name!: string;
  @Field(() => String, {
    nullable: true,
    description: '现行图谱版本;平台子图尚未齐备时为空。The supergraph in force; null until every platform subgraph is registered.',
  })
  supergraphVersion!: string | null;
}
