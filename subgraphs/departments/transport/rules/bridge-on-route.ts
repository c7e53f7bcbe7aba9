import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { BridgeCheckRow, RouteRow } from '../store.js';

/** Only the bridges of a route are checked. @throws CataloguedError NOT_FOUND when the application has no route. */
export function hasRoute(route: RouteRow | null): asserts route is RouteRow {
  if (route === null) throw new CataloguedError('NOT_FOUND', 'this case has no route, so it has no bridges to check');
}

/** A route is passable when every bridge checked is; null while none was. */
export function isPassable(checks: readonly Pick<BridgeCheckRow, 'passable'>[]): boolean | null {
  return checks.length === 0 ? null : checks.every(({ passable }) => passable);
}
