import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';

/** Whom a department answers to (第二条). */
export enum DepartmentAffiliation {
  PROVINCIAL = 'PROVINCIAL',
  CENTRAL = 'CENTRAL',
}
registerEnumType(DepartmentAffiliation, {
  name: 'DepartmentAffiliation',
  description: '部门隶属关系(第二条)。Whom a department answers to (Art. 2).',
  valuesConfig: {
    PROVINCIAL: { description: '省直 of the province' },
    CENTRAL: { description: '中央驻豫 of the central government, stationed in Henan' },
  },
});

/** Whether the graph has a department's schema. */
export enum DepartmentState {
  ACTIVE = 'ACTIVE',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(DepartmentState, {
  name: 'DepartmentState',
  description: '部门接入状态。Whether the graph has a department’s schema.',
  valuesConfig: {
    ACTIVE: { description: '在用 in the graph' },
    WITHDRAWN: { description: '已退出:图谱回退到其接入之前 not in the graph: it was rolled back to before the department joined' },
  },
});

@Directive('@key(fields: "code")')
@ObjectType({ description: '部门。A department that takes part in the unified acceptance graph.' })
export class Department {
  @Field(() => ID, { description: '部门编码,即 `departmentCode` 的取值。Its code, the value of `departmentCode`.' }) code!: string;
  @Field({ description: '部门名称。Its official name.' }) name!: string;
  @Field(() => DepartmentAffiliation, { description: '隶属关系。Whom it answers to.' }) affiliation!: DepartmentAffiliation;
  @Field(() => DepartmentState, { description: '接入状态。Whether the graph has its schema.' }) state!: DepartmentState;
  @Field({ description: '接入时间。When it joined the graph.' }) registeredAt!: Date;
  @Field({ description: '最近一次变更接入信息的时间。When what it publishes last changed.' }) updatedAt!: Date;
}
