import type { DepartmentItem } from '../../../kit/department/definition.js';
import { propertyDevelopment, surveyAndDesign } from './company-qualification.js';
import { constructorRegistration, safetyStaffExamination } from './personal-registration.js';
import { safetyLicence } from './safety-licence.js';

export const ITEMS: readonly DepartmentItem[] = [
  safetyLicence,
  constructorRegistration,
  surveyAndDesign,
  propertyDevelopment,
  safetyStaffExamination,
];
