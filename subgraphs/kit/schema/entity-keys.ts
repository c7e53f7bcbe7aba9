import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The registry's; here only a key to reach it by. */
@Directive('@key(fields: "code", resolvable: false)')
@ObjectType()
export class Department {
  @Field(() => ID) code!: string;
}

/** The catalogue's and the department's; here only a key to reach it by. */
@Directive('@key(fields: "code departmentCode", resolvable: false)')
@ObjectType()
export class ServiceItem {
  @Field(() => ID) code!: string;
  @Field(() => ID) departmentCode!: string;
}
