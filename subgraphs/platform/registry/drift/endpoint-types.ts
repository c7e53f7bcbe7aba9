import { Field, ObjectType } from 'type-graphql';
import { EndpointState } from '../endpoint-state.js';

@ObjectType({ description: '部门端点状况。What a department’s endpoint answered when it was last asked what it is.' })
export class DepartmentEndpoint {
  @Field(() => EndpointState) state!: EndpointState;
  @Field({ description: '自何时起如此。Since when it has been so.' }) since!: Date;
  @Field({ description: '最近一次检查。When it was last asked.' }) checkedAt!: Date;
  @Field(() => [String], {
    description: '差异:+ 仅端点有,- 仅已发布有。Members that it answers and did not publish (+), or the other way round (-).',
  })
  differences!: string[];
}
