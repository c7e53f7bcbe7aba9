import type { SqlEntityManager } from '@mikro-orm/sql';
import type { FormValues } from '../../kit/department/definition.js';
import { products } from './store.js';

/** Keeps what the form says of the product. An applicant's text that is too long is cut: a case is never refused here for it. */
export function keepProduct(tx: SqlEntityManager, { number }: { number: string }, form: FormValues): void {
  const said = (name: string, most: number) => form.get(name)?.trim().slice(0, most) || null;
  const name = said('productName', 200);
  if (name === null) return;
  tx.create(products, {
    caseNumber: number,
    name,
    dosageForm: said('dosageForm', 100),
    specification: said('specification', 200),
    productionAddress: said('productionAddress', 300),
  });
}
