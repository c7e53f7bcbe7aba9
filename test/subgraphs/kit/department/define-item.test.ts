import { describe, expect, test } from 'vitest';
import { defineItem, type ItemDraft } from '../../../../subgraphs/kit/department/define-item.js';
import type { DepartmentOffice } from '../../../../subgraphs/kit/department/definition.js';
import { complianceReview, ending, endingWithoutCertificate } from '../../../../subgraphs/kit/department/flow-steps.js';
import { isCreditCode, itemCode } from '../../../../subgraphs/kit/department/item-code.js';
import { field, material } from '../../../../subgraphs/kit/department/materials.js';
import { lastDay } from '../../../../subgraphs/kit/department/moves/issue-certificate.js';
import { ResultKind } from '../../../../subgraphs/kit/department/types/item-enums.js';

const OFFICE: DepartmentOffice = {
  code: 'test',
  name: '测试局',
  affiliation: 'PROVINCIAL',
  seal: '章',
  documentPrefix: '测许',
  creditCode: '1141000000YP000013',
};

const DRAFT: ItemDraft = {
  code: itemCode(OFFICE.creditCode, '000999001000'),
  name: '测试许可',
  version: 1,
  publishedOn: '2026-01-05',
  legalBasis: ['《测试法》'],
  conditions: ['条件'],
  materials: [material('form', '申请表')],
  formFields: [field('name', '名称')],
  commonErrors: ['错误'],
  fee: '不收费',
  feeBasis: null,
  process: ['受理', '决定'],
  statutoryDays: 20,
  promisedDays: 10,
  resultName: '许可证',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: 'https://samples.acceptance.example/x.pdf',
  consultation: ['窗口'],
  approvalFlow: [complianceReview('合规审查', 3), ...ending(2)],
  reviewRules: { version: 2, rules: [{ stepCode: 'compliance-review', content: '内容', standard: '标准', keyPoints: ['要点'] }] },
};

describe('an item', () => {
  test('has the guide of its department, and rules of the version a decision cites', () => {
    const item = defineItem(OFFICE, DRAFT);
    expect(item.guide).toMatchObject({ itemName: '测试许可', implementingBody: '测试局', publishedAt: new Date('2026-01-05T01:00:00Z') });
    expect(item.reviewRules).toMatchObject([{ version: 2, stepCode: 'compliance-review' }]);
    expect(item).toMatchObject({ kind: 'LICENSE', state: 'ACTIVE', reviewRuleVersion: 2, longestExtension: 10 });
  });

  test.each([
    ['legalBasis', { legalBasis: [] }],
    ['conditions', { conditions: [] }],
    ['materials', { materials: [] }],
    ['formFields', { formFields: [] }],
    ['commonErrors', { commonErrors: [] }],
    ['process', { process: [] }],
    ['consultation', { consultation: [] }],
    ['fee', { fee: ' ' }],
    ['resultName', { resultName: '' }],
    ['sample', { resultSampleUrl: null }],
    ['promised limit', { promisedDays: 21 }],
    ['publishedOn', { publishedOn: 'soon' }],
    ['two materials', { materials: [material('form', '甲'), material('form', '乙')] }],
    ['two form fields', { formFields: [field('name', '甲'), field('name', '乙')] }],
    ['two steps', { approvalFlow: [complianceReview('甲', 1), complianceReview('乙', 1), ...ending(2)] }],
    ['reviews nothing', { approvalFlow: ending(2), reviewRules: { version: 1, rules: [] } }],
    ['one decision', { approvalFlow: [complianceReview('甲', 1)] }],
    ['certificate step', { approvalFlow: [complianceReview('甲', 1), ...endingWithoutCertificate(2)] }],
    ['after the decision', { approvalFlow: [...ending(2), complianceReview('甲', 1)] }],
    ['no review rule', { reviewRules: { version: 1, rules: [] } }],
    [
      'names the step nowhere',
      {
        reviewRules: { version: 1, rules: [...DRAFT.reviewRules.rules, { stepCode: 'nowhere', content: '', standard: '', keyPoints: [] }] },
      },
    ],
  ] as [string, Partial<ItemDraft>][])('is refused when it is wrong in: %s', (named, change) => {
    expect(() => defineItem(OFFICE, { ...DRAFT, ...change })).toThrow(new RegExp(named));
  });
});

test('a credit code is told by its check character', () => {
  expect(isCreditCode('91350100M000100Y43')).toBe(true);
  expect(isCreditCode('91350100M000100Y44')).toBe(false);
  expect(isCreditCode('91350100M000100O43')).toBe(false);
  expect(() => itemCode('91350100M000100Y44', '000999001000')).toThrow(/credit code/);
  expect(() => itemCode(OFFICE.creditCode, '1')).toThrow(/basic code/);
});

test('a certificate for n years ends the day before', () => {
  expect(lastDay('2026-11-24', 3)).toBe('2029-11-23');
  expect(lastDay('2028-02-29', 1)).toBe('2029-02-28');
  expect(lastDay('2026-01-01', 5)).toBe('2030-12-31');
});
