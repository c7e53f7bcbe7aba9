import type { DepartmentItem } from '../../../kit/department/definition.js';
import { cosmeticsProduction } from './cosmetics-production.js';
import { drugProduction } from './drug-production.js';
import { drugWholesaleWarehouse } from './drug-wholesale-warehouse.js';
import { hospitalPreparation } from './hospital-preparation.js';
import { medicalDeviceRegistration } from './medical-device-registration.js';
import { onlineDrugTrading } from './online-drug-trading.js';

export const ITEMS: readonly DepartmentItem[] = [
  drugProduction,
  drugWholesaleWarehouse,
  medicalDeviceRegistration,
  cosmeticsProduction,
  hospitalPreparation,
  onlineDrugTrading,
];
