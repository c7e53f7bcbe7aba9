import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../../../kit/schema/connection.js';
import { DepartmentAffiliation } from '../department.js';
import type { FieldUse } from '../usage/field-use.js';
import type { JudgedChange } from './judge-changes.js';
import { type PublicationCheck, PublicationCheckKind, PublicationCheckOutcome, type PublicationProblem } from './publication-check.js';
import { PublicationOutcome } from './publication-outcome.js';

/** How much a change of the graph is felt by clients. */
export enum ChangeCriticality {
  BREAKING = 'BREAKING',
  DANGEROUS = 'DANGEROUS',
  NON_BREAKING = 'NON_BREAKING',
}
registerEnumType(ChangeCriticality, {
  name: 'ChangeCriticality',
  description: '图谱变更的影响。How much a change of the graph is felt by clients.',
  valuesConfig: {
    BREAKING: { description: '使用者会出错 whoever uses it fails' },
    DANGEROUS: { description: '使用者可能未预料 clients may not expect it' },
    NON_BREAKING: { description: '无影响 nobody has to change anything' },
  },
});

@ObjectType({ description: '字段使用记录。Who used a member of the graph, through which operation.' })
export class FieldUsage implements FieldUse {
  @Field({ description: '操作名称;匿名操作为空。The operation’s name; empty for one without.' }) operation!: string;
  @Field(() => ID, { description: '操作标识。Tells operations of the same name apart.' }) operationHash!: string;
  @Field({ description: '客户端名称。The client, as it names itself.' }) client!: string;
  @Field(() => Float, { description: '次数。How often.' }) count!: number;
  @Field({ description: '最近一次。When last.' }) lastSeen!: Date;
}

@ObjectType({ description: '图谱变更。A difference between two graphs, as clients see them.' })
export class GraphChange {
  @Field(() => ChangeCriticality, { description: '对客户端的影响。How much clients feel it.' }) criticality!: JudgedChange['criticality'];
  @Field({ description: '变更说明。What changed.' }) message!: string;
  @Field(() => String, { nullable: true, description: '成员坐标。The member that changed.' }) coordinate!: string | null;
  @Field(() => [FieldUsage], {
    description: '窗口期内受影响的使用,仅在发布检查时给出。Who used it in the window; told when a publication is judged.',
  })
  usedBy!: readonly FieldUse[];
}

@ObjectType('PublicationProblem', { description: '检查发现的问题。One reason why a check failed.' })
export class PublicationProblemType implements PublicationProblem {
  @Field({ description: '问题类别。What kind of fault, for machines.' }) code!: string;
  @Field({ description: '问题说明。What is wrong.' }) message!: string;
  @Field(() => ID, { nullable: true, description: '涉及的部门。The department it concerns.' }) department?: string;
  @Field(() => String, { nullable: true, description: '成员坐标。The member to blame.' }) member?: string;
  @Field(() => Int, { nullable: true, description: '在所发布 SDL 中的行,从 1 起。One-based, in the published SDL.' }) line?: number;
  @Field(() => Int, { nullable: true, description: '列,从 1 起。One-based.' }) column?: number;
  @Field(() => String, { nullable: true, description: '如何修正。How to mend it.' }) remedy?: string;
}

@ObjectType({ description: '一项检查及其结果。A check and how it ended.' })
export class PublicationCheckResult implements PublicationCheck {
  @Field(() => PublicationCheckKind) kind!: PublicationCheckKind;
  @Field(() => PublicationCheckOutcome, { description: '检查结果。How it ended.' }) outcome!: PublicationCheckOutcome;
  @Field(() => [PublicationProblemType], { description: '发现的问题。Why it failed.' }) problems!: readonly PublicationProblemType[];
}

@ObjectType({ description: '一次发布,永久保存。What a subgraph published once; kept for ever.' })
export class Publication {
  @Field(() => Int, { description: '编号,按时间递增。Its number among all publications, in order.' }) number!: number;
  @Field(() => ID, { description: '子图名称;部门即其编码。The subgraph; of a department, its code.' }) subgraph!: string;
  @Field({ description: '子图地址。Where its subgraph answers.' }) url!: string;
  @Field({ description: '子图订阅地址。Where it answers subscriptions.' }) subscriptionUrl!: string;
  @Field({ description: '发布者。Who published it: the subject of the credential.' }) publishedBy!: string;
  @Field({ description: '发布时间。When.' }) publishedAt!: Date;
  @Field(() => String, { nullable: true, description: '发布事由。Why.' }) reason!: string | null;
  @Field(() => String, { nullable: true, description: '强制发布事由。Why what clients used was taken away all the same.' })
  overrideReason!: string | null;
  @Field(() => [GraphChange], { nullable: true, description: '被强制通过的变更。The changes that were overridden, and who used what.' })
  overridden!: readonly GraphChange[] | null;
}

@ObjectType({ description: '发布记录分页。A page of publications.' })
export class PublicationConnection extends connectionType('Publication', Publication) {}

/** Whether a version serves now. */
export enum SupergraphVersionState {
  IN_FORCE = 'IN_FORCE',
  REPLACED = 'REPLACED',
}
registerEnumType(SupergraphVersionState, {
  name: 'SupergraphVersionState',
  description: '图谱版本状态。Whether a version serves now.',
  valuesConfig: { IN_FORCE: { description: '现行 in force' }, REPLACED: { description: '已被取代 replaced by a later one' } },
});

@ObjectType({ description: '图谱版本,永久保存。A supergraph that was in force; kept for ever.' })
export class SupergraphVersion {
  @Field(() => Int, { description: '编号,从 1 起递增。Its number, counted from 1.' }) number!: number;
  @Field({ description: '内容标识;内容相同则相同。Equal for equal graphs.' }) version!: string;
  @Field({ description: '生效时间。When it came into force.' }) createdAt!: Date;
  @Field(() => String, { nullable: true, description: '由谁引起。Whose publication or rollback made it.' }) createdBy?:
    | string
    | null
    | undefined;
  @Field(() => String, { nullable: true, description: '事由。Why.' }) reason?: string | null | undefined;
  @Field(() => Int, { nullable: true, description: '回退时所恢复的版本编号。The version that a rollback brought back.' }) restores?:
    | number
    | null
    | undefined;
}

@ObjectType({ description: '图谱版本分页。A page of supergraph versions.' })
export class SupergraphVersionConnection extends connectionType('SupergraphVersion', SupergraphVersion) {}

@InputType({ description: '部门发布。What a department publishes.' })
export class PublishDepartmentInput {
  @Field(() => ID, { description: '部门编码。Its code.' }) departmentCode!: string;
  @Field(() => String, { nullable: true, description: '部门名称;首次发布必填。Its official name; needed the first time.' }) name?:
    | string
    | null;
  @Field(() => DepartmentAffiliation, { nullable: true, description: '隶属关系;首次发布必填。Whom it answers to; needed the first time.' })
  affiliation?: DepartmentAffiliation | null;
  @Field(() => String, { nullable: true, description: '联系方式。How its engineers are reached.' }) contact?: string | null;
  @Field(() => String, { nullable: true, description: '子图地址;首次发布必填。Its subgraph, http(s)://; needed the first time.' }) url?:
    | string
    | null;
  @Field(() => String, {
    nullable: true,
    description: '订阅地址;缺省为同址 ws(s)://。Its subgraph for subscriptions; the same address with ws(s):// when left out.',
  })
  subscriptionUrl?: string | null;
  @Field(() => String, { nullable: true, description: '完整 SDL;缺省从端点读取。Its whole SDL; read from the endpoint when left out.' })
  sdl?: string | null;
  @Field(() => String, { nullable: true, description: '发布事由。Why.' }) reason?: string | null;
  @Field(() => String, {
    nullable: true,
    description: '强制发布事由:即使移除了正在使用的字段。Why it is published although it takes away what clients use; kept on record.',
  })
  overrideReason?: string | null;
  @Field(() => String, {
    nullable: true,
    description: '检查所依据的现行版本;不一致则拒绝。The version it was checked against; refused when another is in force by now.',
  })
  baseVersion?: string | null;
  @Field(() => Boolean, { defaultValue: false, description: '仅检查,不改变任何内容。Check only; nothing changes.' }) dryRun!: boolean;
}

@ObjectType({ description: '发布结果。How an attempt to publish ended.' })
export class PublishDepartmentPayload {
  @Field(() => PublicationOutcome, { description: '发布结果。How it ended.' }) outcome!: PublicationOutcome;
  @Field(() => [PublicationCheckResult], { description: '各项检查。Every check, in order.' }) checks!: readonly PublicationCheckResult[];
  @Field(() => [GraphChange], {
    nullable: true,
    description: '对客户端而言的变更;尚无图谱可比时为空。What clients would notice; null without a graph to compare with.',
  })
  changes!: readonly GraphChange[] | null;
  @Field(() => String, { nullable: true, description: '检查所依据的现行版本。The version in force when it was checked.' })
  baseVersion!: string | null;
  @Field(() => SupergraphVersion, { nullable: true, description: '由此生效的版本。The version that came into force with it.' })
  supergraphVersion!: SupergraphVersion | null;
}

@InputType({ description: '图谱回退。Bring an earlier graph back.' })
export class RollbackSupergraphInput {
  @Field(() => Int, { description: '要恢复的版本编号。The number of the version to bring back.' }) number!: number;
  @Field(() => String, { nullable: true, description: '事由。Why.' }) reason?: string | null;
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      '是否连同当时的地址一并恢复。Whether subgraphs go back to the addresses they had then; otherwise they stay where they are.',
  })
  restoreAddresses!: boolean;
}

@ObjectType({ description: '回退结果。What a rollback came to.' })
export class RollbackSupergraphPayload {
  @Field(() => SupergraphVersion, { description: '由此生效的版本。The version that came into force.' })
  supergraphVersion!: SupergraphVersion;
  @Field(() => [GraphChange], { nullable: true, description: '对客户端而言的变更。What clients notice, and who used it.' })
  changes!: readonly GraphChange[] | null;
}

@InputType({ description: '部门资料变更。Who a department is.' })
export class UpdateDepartmentInput {
  @Field(() => ID) departmentCode!: string;
  @Field(() => String, { nullable: true, description: '部门名称。Its official name.' }) name?: string | null;
  @Field(() => String, { nullable: true, description: '联系方式;空字符串即清除。How its engineers are reached; empty to clear.' })
  contact?: string | null;
}
