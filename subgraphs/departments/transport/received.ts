import type { SqlEntityManager } from '@mikro-orm/sql';
import type { FormValues } from '../../kit/department/definition.js';
import { oversizeClassOf } from './rules/class-of-oversize.js';
import { axleLoadsIn, listIn, numberIn } from './rules/read-form.js';
import { axleLoads, routes } from './store.js';

/** Keeps the route and the axle loads that the form states. What can't be read is left out: the case itself is taken in anyway. */
export function keepRoute(tx: SqlEntityManager, { number: caseNumber }: { number: string }, form: FormValues): void {
  const place = (name: string) => form.get(name)?.trim().slice(0, 200) || null;
  const origin = place('origin');
  const destination = place('destination');
  if (origin !== null && destination !== null) {
    tx.create(routes, {
      caseNumber,
      origin,
      destination,
      provinces: listIn(form, 'provinces').slice(0, 40),
      kilometres: numberIn(form, 'kilometres'),
      oversizeClass: oversizeClassOf(form) ?? null,
    });
  }
  for (const [index, kilograms] of axleLoadsIn(form).entries()) tx.create(axleLoads, { caseNumber, axle: index + 1, kilograms });
}
