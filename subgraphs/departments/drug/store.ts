import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { sealedText } from '../../kit/privacy/sealed-columns.js';
import type { DrugInspectionConclusion } from './types.js';

/** The product an application is about, as its form says. */
export const products = defineEntity({
  name: 'DrugProductRecord',
  tableName: 'drug_product',
  properties: {
    caseNumber: p.string().length(64).primary(),
    name: p.string().length(200),
    dosageForm: p.string().length(100).nullable(),
    specification: p.string().length(200).nullable(),
    productionAddress: sealedText('WRITING', 'drug_product.production_address').nullable(),
  },
});
export type ProductRow = InferEntity<typeof products>;

/** One visit of the inspectors. */
export const siteInspections = defineEntity({
  name: 'DrugSiteInspectionRecord',
  tableName: 'drug_site_inspection',
  properties: {
    caseNumber: p.string().length(64).primary(),
    /** 1 for the first visit. */
    visit: p.integer().primary().autoincrement(false),
    inspectedOn: p.string().length(10),
    inspectors: p.integer(),
    criticalDefects: p.integer(),
    majorDefects: p.integer(),
    minorDefects: p.integer(),
    conclusion: p.string().length(32).$type<DrugInspectionConclusion>(),
    recordedAt: p.datetime(3),
  },
});
export type SiteInspectionRow = InferEntity<typeof siteInspections>;

export const TABLES = [products, siteInspections] as const;
