import { Directive, Field, Float, InputType, Int, ObjectType } from 'type-graphql';

@Directive('@inaccessible')
@InputType({ description: '一个操作的使用计数。What a gateway counted of one operation of one client.' })
export class OperationUsageInput {
  @Field({ description: '操作标识,SHA-256 十六进制。SHA-256 of the document, in hex.' }) hash!: string;
  @Field({ description: '操作名称;匿名为空。Its name; empty for none.' }) name!: string;
  @Field({ description: '去除字面值的文档。The document without its literals.' }) document!: string;
  @Field({ description: '客户端名称。The client, as it names itself.' }) client!: string;
  @Field(() => Float, { description: '次数。How often.' }) count!: number;
  @Field({ description: '最近一次。When last.' }) lastSeen!: Date;
  @Field(() => [String], { description: '所触及的成员坐标。Every member it touches.' }) coordinates!: string[];
}

@Directive('@inaccessible')
@ObjectType({ description: '使用计数上报结果。A report was taken.' })
export class ReportUsagePayload {
  @Field(() => Int, { description: '已记录的条数。How many were taken.' }) taken!: number;
}
