import type { DepartmentItem } from '../../../kit/department/definition.js';
import { oversizeTransport } from './oversize-transport.js';
import { roadConstruction, roadRelatedWorks } from './road-works.js';
import { interprovincialPassengers, waterwayTransport } from './transport-operation.js';

export const ITEMS: readonly DepartmentItem[] = [
  oversizeTransport,
  roadRelatedWorks,
  roadConstruction,
  interprovincialPassengers,
  waterwayTransport,
];
