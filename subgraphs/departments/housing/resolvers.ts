import type { SqlEntityManager } from '@mikro-orm/sql';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { rowLoader, rowsLoader } from '../../kit/department/case-loaders.js';
import type { DepartmentContext } from '../../kit/department/department-context.js';
import { changeOwnRows } from '../../kit/department/moves/move-case.js';
import { keyPersonnel, qualifications } from './store.js';
import { HousingCase, HousingKeyPersonnel, HousingQualification } from './types.js';
import { verifyPersonnel } from './verify-personnel.js';

export function housingLoaders(em: SqlEntityManager) {
  return {
    qualifications: rowLoader(em, qualifications, 'caseNumber'),
    keyPersonnel: rowsLoader(em, keyPersonnel, 'caseNumber', { ordinal: 'asc' }),
  };
}
export type HousingLoaders = ReturnType<typeof housingLoaders>;
type Context = DepartmentContext<HousingLoaders>;

@Resolver(() => HousingCase)
export class HousingCaseResolver {
  @FieldResolver(() => HousingQualification, { nullable: true, description: '申请的资质。The qualification applied for.' })
  housingQualification(@Root() { number }: { number: string }, @Ctx() { own }: Context) {
    return own.qualifications.load(number);
  }

  @FieldResolver(() => [HousingKeyPersonnel], {
    nullable: true,
    description: '关键人员配备。The people declared for it, by post.',
  })
  housingKeyPersonnel(@Root() { number }: { number: string }, @Ctx() { own }: Context) {
    return own.keyPersonnel.load(number);
  }

  @Mutation(() => HousingKeyPersonnel, {
    nullable: true,
    description: '核实关键人员人数。An officer writes down how many people were found for a post.',
  })
  housingVerifyPersonnel(
    @Arg('caseNumber', () => ID) caseNumber: string,
    @Arg('post') post: string,
    @Arg('verified', () => Int) verified: number,
    @Ctx() context: Context,
  ) {
    return changeOwnRows(context, caseNumber, verifyPersonnel(post, verified));
  }
}
