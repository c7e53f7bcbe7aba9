import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** The qualification an application is for, as its form says. */
export const qualifications = defineEntity({
  name: 'HousingQualificationRecord',
  tableName: 'housing_qualification',
  properties: {
    caseNumber: p.string().length(64).primary(),
    grade: p.string().length(60).nullable(),
    specialty: p.string().length(120),
  },
});
export type QualificationRow = InferEntity<typeof qualifications>;

/** How many people hold a post the qualification needs: what was declared, and what an officer found. */
export const keyPersonnel = defineEntity({
  name: 'HousingKeyPersonnelRecord',
  tableName: 'housing_key_personnel',
  properties: {
    caseNumber: p.string().length(64).primary(),
    /** Its place in the declaration; posts are not the key, since stores differ in which texts are equal. */
    ordinal: p.integer().primary().autoincrement(false),
    post: p.string().length(120),
    declared: p.integer(),
    verified: p.integer().nullable(),
    verifiedAt: p.datetime(3).nullable(),
  },
});
export type KeyPersonnelRow = InferEntity<typeof keyPersonnel>;

export const TABLES = [qualifications, keyPersonnel] as const;
