import { COSMETICS_PRODUCTION } from '../items/cosmetics-production.js';
import { DRUG_PRODUCTION } from '../items/drug-production.js';
import { DRUG_WHOLESALE_WAREHOUSE } from '../items/drug-wholesale-warehouse.js';
import { HOSPITAL_PREPARATION } from '../items/hospital-preparation.js';
import { MEDICAL_DEVICE_REGISTRATION } from '../items/medical-device-registration.js';

/** The classes of products that an item regulates. */
export const REGULATED_PRODUCTS: ReadonlyMap<string, readonly string[]> = new Map([
  [DRUG_PRODUCTION, ['化学药', '中药', '生物制品', '原料药']],
  [DRUG_WHOLESALE_WAREHOUSE, ['化学药', '中成药', '中药饮片', '生物制品']],
  [MEDICAL_DEVICE_REGISTRATION, ['第二类医疗器械']],
  [COSMETICS_PRODUCTION, ['普通化妆品', '特殊化妆品']],
  [HOSPITAL_PREPARATION, ['医疗机构制剂']],
]);
