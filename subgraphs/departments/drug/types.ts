import 'reflect-metadata';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CalendarDay } from '../../kit/schema/scalars.js';

export enum DrugInspectionConclusion {
  PASSED = 'PASSED',
  RECTIFICATION = 'RECTIFICATION',
  FAILED = 'FAILED',
}
registerEnumType(DrugInspectionConclusion, {
  name: 'DrugInspectionConclusion',
  description: '检查结论:符合、整改后评定、不符合。What an inspection found: passed, to be rectified, failed.',
});

@ObjectType({ description: '申请所涉品种。The product an application is about.' })
export class DrugProduct {
  @Field({ description: '名称。Its name.' }) name!: string;
  @Field(() => String, { nullable: true, description: '剂型。Its dosage form.' }) dosageForm!: string | null;
  @Field(() => String, { nullable: true, description: '规格。Its specification.' }) specification!: string | null;
  @Field(() => String, { nullable: true, description: '生产地址。Where it is produced.' }) productionAddress!: string | null;
}

@ObjectType({ description: '一次现场检查。One visit of the inspectors.' })
export class DrugSiteInspection {
  @Field(() => Int, { description: '第几次检查。1 for the first visit.' }) visit!: number;
  @Field(() => CalendarDay, { description: '检查日期。The day of the visit.' }) inspectedOn!: string;
  @Field(() => Int, { description: '检查员人数。How many inspectors came.' }) inspectors!: number;
  @Field(() => Int, { description: '严重缺陷。Critical defects.' }) criticalDefects!: number;
  @Field(() => Int, { description: '主要缺陷。Major defects.' }) majorDefects!: number;
  @Field(() => Int, { description: '一般缺陷。Minor defects.' }) minorDefects!: number;
  @Field(() => DrugInspectionConclusion, { description: '结论。The conclusion.' }) conclusion!: DrugInspectionConclusion;
}

@InputType({ description: '现场检查所见。What the inspectors found.' })
export class DrugSiteInspectionInput {
  @Field(() => CalendarDay) inspectedOn!: string;
  @Field(() => Int, { description: '检查员人数,不少于两人。How many inspectors came: two or more.' }) inspectors!: number;
  @Field(() => Int, { defaultValue: 0 }) criticalDefects!: number;
  @Field(() => Int, { defaultValue: 0 }) majorDefects!: number;
  @Field(() => Int, { defaultValue: 0 }) minorDefects!: number;
}

/** What this department adds to every case of its own. */
@ObjectType('Case')
export class DrugCase {
  @Field(() => ID) number!: string;
  @Field(() => ID) departmentCode!: string;
}

/** What this department adds to every item of its own. */
@ObjectType('ServiceItem')
export class DrugServiceItem {
  @Field(() => ID) code!: string;
  @Field(() => ID) departmentCode!: string;
  @Field(() => [String], { nullable: true, description: '事项所管产品类别。The classes of products the item regulates.' })
  drugRegulatedProducts?: readonly string[];
}
