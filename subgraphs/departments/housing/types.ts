import 'reflect-metadata';
import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: '申请的资质。The qualification applied for.' })
export class HousingQualification {
  @Field(() => String, { nullable: true, description: '等级。Its grade.' }) grade!: string | null;
  @Field({ description: '类别或专业。Its specialty.' }) specialty!: string;
}

@ObjectType({ description: '一个岗位的关键人员。How many people hold a post that the qualification needs; never who they are.' })
export class HousingKeyPersonnel {
  @Field({ description: '岗位或专业。The post.' }) post!: string;
  @Field(() => Int, { description: '申报人数。How many the applicant declared.' }) declared!: number;
  @Field(() => Int, { nullable: true, description: '核实人数。How many an officer found; null while nobody looked.' }) verified!:
    | number
    | null;
  @Field(() => Date, { nullable: true }) verifiedAt!: Date | null;
}

/** What this department adds to every case of its own. */
@ObjectType('Case')
export class HousingCase {
  @Field(() => ID) number!: string;
  @Field(() => ID) departmentCode!: string;
}
