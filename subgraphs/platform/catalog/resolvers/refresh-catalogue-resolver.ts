import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { requireRole } from '../../../kit/identity/caller.js';
import type { CatalogContext } from '../catalog-context.js';
import { RefreshCatalogueInput, RefreshCataloguePayload } from '../types/refresh-catalogue.js';

@Resolver()
export class RefreshCatalogueResolver {
  @Mutation(() => RefreshCataloguePayload, {
    description:
      '立即向部门重新采集事项,仅行政审批政务信息管理局和管理员可用。Asks a department for its items now, for the Bureau and administrators.',
  })
  async refreshCatalogue(
    @Arg('input', () => RefreshCatalogueInput) { departmentCode }: RefreshCatalogueInput,
    @Ctx() { caller, collector }: CatalogContext,
  ): Promise<RefreshCataloguePayload> {
    requireRole(caller, 'bureau', 'admin');
    return { department: { code: departmentCode }, ...(await collector.refresh(departmentCode)) };
  }
}
