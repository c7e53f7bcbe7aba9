import { Arg, Ctx, Field, FieldResolver, ID, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { type Connection, connectionType } from '../../../kit/schema/connection.js';
import { Department, ServiceItem } from '../../../kit/schema/entity-keys.js';
import { applicantFor, formFor, materialsFor } from '../access/personal-data.js';
import { requireIdentity } from '../access/row-guard.js';
import { type AcceptanceContext, visibleApplication, visibleCase } from '../context.js';
import { acceptApplication } from '../decision/accept-application.js';
import { listApplications } from '../lists/list-applications.js';
import type { ApplicationRow } from '../store/tables.js';
import { submitApplication } from '../submission/submit-application.js';
import { Applicant, SubmittedMaterial, SubmittedValue } from '../types/applicant.js';
import { Application } from '../types/application.js';
import { Case } from '../types/case.js';
import { AcceptApplicationInput, ApplicationFilter, SubmitApplicationInput } from '../types/inputs.js';

export const ApplicationConnection = connectionType('Application', Application);

@ObjectType({ description: '提交结果。What handing in led to.' })
export class SubmitApplicationPayload {
  @Field(() => Application, { description: '申请。The application.' }) application!: Application;
}

@ObjectType({ description: '受理结果。What accepting led to.' })
export class AcceptApplicationPayload {
  @Field(() => Application, { description: '申请。The application.' }) application!: Application;
  @Field(() => Case, { description: '由此产生的办件。The case it became.' }) case!: Case;
}

@Resolver(() => Application)
export class ApplicationResolver {
  @Query(() => Application, {
    nullable: true,
    description: '按编号查申请,无权查看者为空。An application by its id; null when there is none that you may see.',
  })
  async application(@Arg('id', () => ID) id: string, @Ctx() context: AcceptanceContext): Promise<ApplicationRow | null> {
    requireIdentity(context.caller);
    return visibleApplication(context, id);
  }

  @Query(() => ApplicationConnection, {
    nullable: true,
    description: '有权查看的申请,最近提交在前。The applications you may see, latest first.',
  })
  applications(
    @Ctx() { ledger, caller }: AcceptanceContext,
    @Arg('first', () => Int, { defaultValue: 20, description: '每页至多200。At most 200.' }) first: number,
    @Arg('filter', () => ApplicationFilter, { nullable: true }) filter?: ApplicationFilter | null,
    @Arg('after', () => String, { nullable: true, description: '上一页的 endCursor。The `endCursor` of the page before.' }) after?:
      | string
      | null,
  ): Promise<Connection<ApplicationRow>> {
    return listApplications(ledger, caller, { filter: filter ?? {}, first, after });
  }

  @Mutation(() => SubmitApplicationPayload, {
    description:
      '提交申请。须有申请人或综合窗口身份;缺少的材料和表项一次性全部告知。Hands an application in, as an applicant or at a window. Whatever is missing is told all at once.',
  })
  async submitApplication(
    @Arg('input', () => SubmitApplicationInput) input: SubmitApplicationInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ) {
    return { application: await submitApplication(ledger, caller, input) };
  }

  @Mutation(() => AcceptApplicationPayload, {
    description:
      '受理申请,生成统一受理编号并推送部门。须有综合窗口身份;重复受理得到同一办件。Accepts an application, gives it its number and sends it to the department. For windows; accepting again answers with the same case.',
  })
  acceptApplication(
    @Arg('input', () => AcceptApplicationInput) { applicationId }: AcceptApplicationInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ) {
    return acceptApplication(ledger, caller, applicationId);
  }

  @FieldResolver(() => Department, { description: '所申请的部门。The department.' })
  department(@Root() { departmentCode }: ApplicationRow): Department {
    return { code: departmentCode };
  }

  @FieldResolver(() => ServiceItem, { description: '所申请的事项。The item applied for.' })
  item(@Root() { itemCode, departmentCode }: ApplicationRow): ServiceItem {
    return { code: itemCode, departmentCode };
  }

  @FieldResolver(() => Applicant, { description: '申请人。The applicant.' })
  applicant(@Root() row: ApplicationRow, @Ctx() { caller }: AcceptanceContext): Applicant {
    return applicantFor(caller, row);
  }

  @FieldResolver(() => [SubmittedMaterial], { description: '申请材料。The materials handed in.' })
  materials(@Root() row: ApplicationRow, @Ctx() { caller }: AcceptanceContext): SubmittedMaterial[] {
    return materialsFor(caller, row);
  }

  @FieldResolver(() => [SubmittedValue], { description: '申请表。The form as it was filled in.' })
  form(@Root() row: ApplicationRow, @Ctx() { caller }: AcceptanceContext): SubmittedValue[] {
    return formFor(caller, row);
  }

  @FieldResolver(() => Case, { nullable: true, description: '受理后的办件。The case it became, once accepted.' })
  async case(@Root() { caseNumber }: ApplicationRow, @Ctx() context: AcceptanceContext) {
    return caseNumber == null ? null : visibleCase(context, caseNumber);
  }
}
