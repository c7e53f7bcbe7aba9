import { machineProblems } from './case-machine.js';
import type { DepartmentItem } from './definition.js';
import { isReview } from './rules/step-order.js';
import { ResultKind, StepKind } from './types/item-enums.js';

/** Parts of a guide that may be left out: there is no basis where there is no fee, and no sample where there is no result. */
const TEXTS = ['itemName', 'implementingBody', 'fee', 'resultName'] as const;
const LISTS = ['legalBasis', 'conditions', 'materials', 'formFields', 'commonErrors', 'process', 'consultation'] as const;

/** What an item lacks (Arts. 11, 12), and what in it does not fit together; empty when it is complete. */
export function itemProblems(item: DepartmentItem): string[] {
  return [
    ...guideProblems(item),
    ...flowProblems(item),
    ...ruleProblems(item),
    ...machineProblems(item.machine, item.guide.result !== ResultKind.NONE),
  ];
}

function guideProblems({ guide }: DepartmentItem): string[] {
  return [
    ...TEXTS.filter((part) => guide[part].trim() === '').map((part) => `the guide's ${part} is empty`),
    ...LISTS.filter((part) => guide[part].length === 0).map((part) => `the guide's ${part} is empty`),
    ...duplicates(guide.materials.map(({ code }) => code)).map((code) => `two materials have the code ${code}`),
    ...duplicates(guide.formFields.map(({ name }) => name)).map((name) => `two form fields have the name ${name}`),
    ...(guide.promisedDays > guide.statutoryDays ? ['the promised limit is longer than the statutory one'] : []),
    ...(guide.promisedDays < 0 || guide.version < 1 ? ['the limits and the version must not be negative'] : []),
    ...(Number.isNaN(guide.publishedAt.getTime()) ? ['publishedOn is no day'] : []),
    ...(guide.result !== ResultKind.NONE && !guide.resultSampleUrl ? ['the result has no sample'] : []),
  ];
}

function flowProblems({ approvalFlow, guide }: DepartmentItem): string[] {
  const count = (kind: StepKind) => approvalFlow.filter((step) => step.kind === kind).length;
  const certificates = guide.result === ResultKind.NONE ? 0 : 1;
  const reviews = approvalFlow.filter(isReview).length;
  return [
    ...duplicates(approvalFlow.map(({ code }) => code)).map((code) => `two steps have the code ${code}`),
    ...(reviews === 0 ? ['the flow reviews nothing'] : []),
    ...(count(StepKind.DECISION) === 1 ? [] : ['the flow needs one decision']),
    ...(count(StepKind.CERTIFICATE) === certificates
      ? []
      : [`the flow needs ${certificates} certificate step, as the guide's result says`]),
    ...(count(StepKind.DELIVERY) === 1 ? [] : ['the flow needs one delivery']),
    ...(approvalFlow.findIndex((step) => !isReview(step)) < reviews ? ['a review comes after the decision'] : []),
  ];
}

function ruleProblems({ approvalFlow, reviewRules }: DepartmentItem): string[] {
  return [
    ...approvalFlow
      .filter((step) => isReview(step) && !reviewRules.some(({ stepCode }) => stepCode === step.code))
      .map(({ code }) => `no review rule says what step ${code} reviews`),
    ...reviewRules
      .filter(({ stepCode }) => !approvalFlow.some(({ code }) => code === stepCode))
      .map(({ stepCode }) => `a review rule names the step ${stepCode}, which is not in the flow`),
  ];
}

function duplicates(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
