import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { DepartmentItem } from '../definition.js';
import { type DepartmentContext, requirePlatform } from '../department-context.js';
import { ApprovalStep, ReviewRule } from '../types/approval-flow.js';
import { ServiceGuide } from '../types/service-guide.js';
import { DeclaredItem, ServiceItem } from '../types/service-item.js';

/** Guides are public: everyone is entitled to them before applying (Art. 11). */
@Resolver(() => ServiceItem)
export class ItemResolver {
  @FieldResolver(() => ServiceGuide, { nullable: true, description: '办事指南(第十一条)。The guide, every part of it (Art. 11).' })
  guide(@Root() { code }: ItemKey, @Ctx() { items }: DepartmentContext) {
    return items.get(code)?.guide;
  }

  @FieldResolver(() => [ApprovalStep], {
    nullable: true,
    description: '审批流程图(第十二条)。The approval flow chart (Art. 12).',
  })
  approvalFlow(@Root() { code }: ItemKey, @Ctx() { items }: DepartmentContext) {
    return items.get(code)?.approvalFlow;
  }

  @FieldResolver(() => [ReviewRule], {
    nullable: true,
    description: '现行审查工作细则(第十二条)。The review rules in force (Art. 12).',
  })
  reviewRules(@Root() { code }: ItemKey, @Ctx() { items }: DepartmentContext) {
    return items.get(code)?.reviewRules;
  }

  @Query(() => [DeclaredItem], { description: '部门的全部事项,供目录采集。Every item the department offers, for the catalogue.' })
  departmentItems(@Arg('departmentCode', () => ID) departmentCode: string, @Ctx() context: DepartmentContext): DeclaredItem[] {
    requirePlatform(context, departmentCode);
    return [...context.items.values()].map((item) => declared(departmentCode, item));
  }
}

interface ItemKey {
  code: string;
  departmentCode: string;
}

function declared(departmentCode: string, { code, name, kind, state, guide }: DepartmentItem): DeclaredItem {
  return { code, departmentCode, name, kind, state, guide };
}

/** An item of this department; null for any other. */
export function resolveItem({ code, departmentCode }: ItemKey, { items, department }: DepartmentContext): ServiceItem | null {
  return departmentCode === department.code && items.has(code) ? { code, departmentCode } : null;
}
