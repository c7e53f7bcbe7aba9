import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { requireRole } from '../../../kit/identity/caller.js';
import { type Connection, connection, decodePosition, encodePosition, pageSize } from '../../../kit/schema/connection.js';
import { text } from '../publish-input.js';
import { graphChange } from '../publishing/graph-change.js';
import {
  GraphChange,
  Publication,
  RollbackSupergraphInput,
  RollbackSupergraphPayload,
  SupergraphVersion,
  SupergraphVersionConnection,
  SupergraphVersionState,
} from '../publishing/publication-types.js';
import { requireMember } from '../registry-access.js';
import type { RegistryContext } from '../registry-context.js';
import { rollBack } from '../rollback.js';
import { type PublicationRow, type SupergraphVersionRow, supergraphVersions } from '../tables.js';

const LIST = 'supergraphVersions';
/** The graph itself is large and seldom asked for. */
type VersionRow = Pick<SupergraphVersionRow, 'number' | 'version' | 'createdAt' | 'createdBy' | 'reason' | 'restores' | 'composedFrom'>;

@Resolver(() => SupergraphVersion)
export class SupergraphVersionResolver {
  @Query(() => SupergraphVersionConnection, {
    nullable: true,
    description: '图谱版本,新的在前;仅成员可见。Every supergraph that was ever in force, newest first; for members of the platform.',
  })
  async supergraphVersions(
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { caller, store }: RegistryContext,
  ): Promise<Connection<VersionRow>> {
    requireMember(caller);
    const [before] = after == null ? [] : decodePosition(LIST, after, 1);
    if (before !== undefined && typeof before !== 'number')
      throw new CataloguedError('CURSOR_INVALID', '`after` is no cursor of this list');
    const rows = await store.fork().find(supergraphVersions, before === undefined ? {} : { number: { $lt: before } }, {
      orderBy: { number: 'desc' },
      limit: pageSize(first) + 1,
      exclude: ['document', 'changes'],
    });
    return connection(
      rows,
      first,
      ({ number }) => encodePosition(LIST, [number]),
      () => store.fork().count(supergraphVersions),
    );
  }

  @Query(() => SupergraphVersion, {
    nullable: true,
    description: '按编号查询图谱版本;缺省为现行版本。A version by its number; the one in force without.',
  })
  async supergraphVersion(
    @Arg('number', () => Int, { nullable: true }) number: number | null,
    @Ctx() { caller, store }: RegistryContext,
  ): Promise<VersionRow | null> {
    requireMember(caller);
    const [row] = await store.fork().find(supergraphVersions, number == null ? {} : { number }, {
      orderBy: { number: 'desc' },
      limit: 1,
      exclude: ['document', 'changes'],
    });
    return row ?? null;
  }

  @Mutation(() => RollbackSupergraphPayload, {
    description: '回退到任一版本;仅管理员。Brings any earlier graph back, as a new version; for administrators.',
  })
  async rollbackSupergraph(
    @Arg('input', () => RollbackSupergraphInput) { number, reason, restoreAddresses }: RollbackSupergraphInput,
    @Ctx() { caller, core }: RegistryContext,
  ): Promise<RollbackSupergraphPayload> {
    requireRole(caller, 'admin');
    const { version, changes } = await rollBack(core, {
      number,
      by: caller.subject,
      reason: text('reason', reason, 500),
      restoreAddresses,
    });
    return { supergraphVersion: version, changes: changes?.map(graphChange) ?? null };
  }

  @FieldResolver(() => SupergraphVersionState, { description: '状态。Whether it serves now.' })
  async state(@Root() { number }: VersionRow, @Ctx() { currentNumber }: RegistryContext): Promise<SupergraphVersionState> {
    return number === (await currentNumber()) ? SupergraphVersionState.IN_FORCE : SupergraphVersionState.REPLACED;
  }

  @FieldResolver(() => String, { description: '超图 SDL。The supergraph SDL.' })
  async sdl(@Root() { number }: VersionRow, @Ctx() { versionByNumber }: RegistryContext): Promise<string> {
    return (await versionByNumber.load(number))?.document.sdl ?? '';
  }

  @FieldResolver(() => [GraphChange], {
    nullable: true,
    description: '与前一版本相比,对客户端而言的变更。What changed for clients against the version before; null for the first.',
  })
  async changes(@Root() { number }: VersionRow, @Ctx() { versionByNumber }: RegistryContext): Promise<GraphChange[] | null> {
    return (await versionByNumber.load(number))?.changes?.map(graphChange) ?? null;
  }

  @FieldResolver(() => [GraphChange], {
    description: '与任一版本相比,对客户端而言的变更。What is different for clients from any other version.',
  })
  async changesSince(
    @Arg('number', () => Int, { description: '相比的版本编号。The version to compare with.' }) number: number,
    @Root() version: VersionRow,
    @Ctx() { versionByNumber, core }: RegistryContext,
  ): Promise<GraphChange[]> {
    const [before, after] = await Promise.all([versionByNumber.load(number), versionByNumber.load(version.number)]);
    if (before === null || after === null) throw new CataloguedError('NOT_FOUND', `there is no supergraph version ${number}`);
    return (await core.composer.changes(before.document.sdl, after.document.sdl)).map(graphChange);
  }

  @FieldResolver(() => [Publication], { description: '由哪些发布合成。The publications it was composed from.' })
  async publications(@Root() { composedFrom }: VersionRow, @Ctx() { publicationByNumber }: RegistryContext): Promise<PublicationRow[]> {
    const numbers = composedFrom.flatMap(({ publication }) => publication ?? []);
    const rows = await publicationByNumber.loadMany(numbers);
    return rows.filter((row): row is PublicationRow => row !== null && !(row instanceof Error));
  }
}
