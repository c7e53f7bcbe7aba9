import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@inaccessible')
@ObjectType({ description: '部门路由。Where the rows of one department are answered.' })
export class PublishedDepartmentRoute {
  @Field(() => ID, { description: '部门编码。Its code.' }) code!: string;
  @Field({ description: '子图地址,http(s)://。Where its subgraph answers.' }) url!: string;
  @Field({ description: '子图订阅地址,ws(s)://。Where its subgraph answers subscriptions.' }) subscriptionUrl!: string;
  @Field({ description: '是否有自己的扩展子图。Whether the supergraph has an extension subgraph named after the code.' })
  extension!: boolean;
}

@Directive('@inaccessible')
@ObjectType({ description: '发布的图谱。The supergraph in force, as gateways build from it.' })
export class SupergraphPublication {
  @Field({ description: '版本,内容变更即变更。Opaque; changes whenever the content does.' }) version!: string;
  @Field({ description: '超图 SDL。The supergraph SDL.' }) sdl!: string;
  @Field(() => [PublishedDepartmentRoute], { description: '部门路由,按编码排序。Every department, sorted by code.' })
  departments!: PublishedDepartmentRoute[];
}
