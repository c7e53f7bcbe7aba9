import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { SupervisionContext } from '../context.js';
import { readFigures } from '../figures/read-figures.js';
import { CaseFigures, CaseFiguresInput } from '../types/figures.js';

@Resolver()
export class FigureResolver {
  @Query(() => CaseFigures, {
    nullable: true,
    description:
      '办件统计:按部门、事项、渠道和时段;部门仅可查看本部门。Figures of cases by department, item, channel and period; a department sees its own.',
  })
  caseFigures(
    @Ctx() { supervision, caller }: SupervisionContext,
    @Arg('input', () => CaseFiguresInput) input: CaseFiguresInput,
  ): Promise<CaseFigures> {
    return readFigures(supervision, caller, input);
  }
}
