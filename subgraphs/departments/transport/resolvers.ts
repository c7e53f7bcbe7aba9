import type { SqlEntityManager } from '@mikro-orm/sql';
import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { rowLoader, rowsLoader } from '../../kit/department/case-loaders.js';
import type { DepartmentContext } from '../../kit/department/department-context.js';
import { changeOwnRows } from '../../kit/department/moves/move-case.js';
import { checkBridge } from './check-bridge.js';
import { isPassable } from './rules/bridge-on-route.js';
import { axleLoads, bridgeChecks, type RouteRow, routes } from './store.js';
import { TransportAxleLoad, TransportBridgeCheck, TransportCase, TransportRoute } from './types.js';

export function transportLoaders(em: SqlEntityManager) {
  return {
    routes: rowLoader(em, routes, 'caseNumber'),
    axleLoads: rowsLoader(em, axleLoads, 'caseNumber', { axle: 'asc' }),
    bridgeChecks: rowsLoader(em, bridgeChecks, 'caseNumber', { bridge: 'asc' }),
  };
}
export type TransportLoaders = ReturnType<typeof transportLoaders>;
type Context = DepartmentContext<TransportLoaders>;

@Resolver(() => TransportCase)
export class TransportCaseResolver {
  @FieldResolver(() => TransportRoute, { nullable: true, description: '行驶路线。The route of the transport or the line.' })
  transportRoute(@Root() { number }: { number: string }, @Ctx() { own }: Context) {
    return own.routes.load(number);
  }

  @FieldResolver(() => [TransportAxleLoad], { nullable: true, description: '各轴轴荷。The load on each axle, from the front.' })
  transportAxleLoads(@Root() { number }: { number: string }, @Ctx() { own }: Context) {
    return own.axleLoads.load(number);
  }

  @Mutation(() => TransportBridgeCheck, {
    nullable: true,
    description: '登记桥梁验算结果。An officer writes down whether a bridge of the route bears the load.',
  })
  transportCheckBridge(
    @Arg('caseNumber', () => ID) caseNumber: string,
    @Arg('bridge') bridge: string,
    @Arg('passable') passable: boolean,
    @Arg('note', () => String, { nullable: true }) note: string | null,
    @Ctx() context: Context,
  ) {
    return changeOwnRows(context, caseNumber, checkBridge({ bridge, passable, note: note ?? null }));
  }
}

@Resolver(() => TransportRoute)
export class TransportRouteResolver {
  @FieldResolver(() => [TransportBridgeCheck], { description: '已验算的桥梁。The bridges checked.' })
  bridgeChecks(@Root() { caseNumber }: RouteRow, @Ctx() { own }: Context) {
    return own.bridgeChecks.load(caseNumber);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description: '全线可通行;尚未验算时为空。Whether every bridge checked bears the load; null while none was checked.',
  })
  async passable(@Root() { caseNumber }: RouteRow, @Ctx() { own }: Context) {
    return isPassable(await own.bridgeChecks.load(caseNumber));
  }
}
