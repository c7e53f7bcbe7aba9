import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Everything but the key and `receivedAt` is a row of its own, loaded when it is asked for. */
@ObjectType({ description: '办件。One accepted application, as the department that handles it sees it.' })
@Directive('@key(fields: "number departmentCode")')
export class Case {
  @Field(() => ID, { description: '统一受理编号。The unified acceptance number.' }) number!: string;
  @Field(() => ID) departmentCode!: string;
  @Field(() => Date, { nullable: true, description: "部门收件时间。When the department's system received it." }) receivedAt?: Date | null;
}
