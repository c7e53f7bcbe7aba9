import { Arg, Ctx, Directive, Query, Resolver } from 'type-graphql';
import { requireRole } from '../../../kit/identity/caller.js';
import type { RegistryContext } from '../registry-context.js';
import { SupergraphPublication } from '../supergraph-types.js';
import { supergraphVersions } from '../tables.js';

@Resolver()
export class SupergraphResolver {
  @Directive('@inaccessible')
  @Query(() => SupergraphPublication, {
    nullable: true,
    description:
      '现行图谱;版本仍为 `ifNot` 或尚未合成时为空。The supergraph in force; null while its version is still `ifNot`, or nothing is composed yet.',
  })
  async supergraph(
    @Arg('ifNot', () => String, { nullable: true, description: '已有的版本。The version one has.' }) ifNot: string | null,
    @Ctx() { caller, store }: RegistryContext,
  ): Promise<SupergraphPublication | null> {
    requireRole(caller, 'platform');
    const em = store.fork();
    // gateways ask every second: the large column is read only when it is wanted
    const [latest] = await em.find(supergraphVersions, {}, { orderBy: { number: 'desc' }, limit: 1, fields: ['number', 'version'] });
    if (latest === undefined || latest.version === ifNot) return null;
    const { version, document } = await store.fork().findOneOrFail(supergraphVersions, latest.number);
    return { version, ...document };
  }
}
