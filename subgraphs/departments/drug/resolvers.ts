import type { SqlEntityManager } from '@mikro-orm/sql';
import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { rowLoader, rowsLoader } from '../../kit/department/case-loaders.js';
import type { DepartmentContext } from '../../kit/department/department-context.js';
import { changeOwnRows } from '../../kit/department/moves/move-case.js';
import { recordSiteInspection } from './record-site-inspection.js';
import { REGULATED_PRODUCTS } from './rules/regulated-products.js';
import { products, siteInspections } from './store.js';
import { DrugCase, DrugProduct, DrugServiceItem, DrugSiteInspection, DrugSiteInspectionInput } from './types.js';

export function drugLoaders(em: SqlEntityManager) {
  return {
    products: rowLoader(em, products, 'caseNumber'),
    siteInspections: rowsLoader(em, siteInspections, 'caseNumber', { visit: 'asc' }),
  };
}
export type DrugLoaders = ReturnType<typeof drugLoaders>;
type Context = DepartmentContext<DrugLoaders>;

@Resolver(() => DrugCase)
export class DrugCaseResolver {
  @FieldResolver(() => DrugProduct, { nullable: true, description: '申请所涉品种。The product it is about.' })
  drugProduct(@Root() { number }: { number: string }, @Ctx() { own }: Context) {
    return own.products.load(number);
  }

  @FieldResolver(() => [DrugSiteInspection], { nullable: true, description: '现场检查情况。The visits of the inspectors.' })
  drugSiteInspections(@Root() { number }: { number: string }, @Ctx() { own }: Context) {
    return own.siteInspections.load(number);
  }

  @Mutation(() => DrugSiteInspection, { nullable: true, description: '登记现场检查情况。An inspector writes down what was found.' })
  drugRecordSiteInspection(
    @Arg('caseNumber', () => ID) caseNumber: string,
    @Arg('found', () => DrugSiteInspectionInput) found: DrugSiteInspectionInput,
    @Ctx() context: Context,
  ) {
    return changeOwnRows(context, caseNumber, recordSiteInspection(found));
  }
}

@Resolver(() => DrugServiceItem)
export class DrugItemResolver {
  @FieldResolver()
  drugRegulatedProducts(@Root() { code }: { code: string }): readonly string[] | undefined {
    return REGULATED_PRODUCTS.get(code);
  }
}
