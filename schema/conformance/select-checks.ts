import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { Check } from './check.js';
import type { ConformanceOptions } from './options.js';
import { CHECKS } from './registry.js';

/**
 * The checks asked for and those they build on, each after what it needs.
 * @throws CataloguedError BAD_USER_INPUT for an id that no check has
 */
export function selectChecks(asked: ConformanceOptions['checks'] = 'all'): Check[] {
  const selected: Check[] = [];
  const add = (id: string): void => {
    const check = CHECKS.find((known) => known.id === id);
    if (check === undefined) throw new CataloguedError('BAD_USER_INPUT', `no conformance check is called ${id}`);
    if (selected.includes(check)) return;
    for (const needed of check.needs ?? []) add(needed);
    selected.push(check);
  };
  const ids = typeof asked === 'string' ? CHECKS.filter(({ smoke }) => asked === 'all' || smoke === true).map(({ id }) => id) : asked;
  for (const id of ids) add(id);
  return selected;
}
