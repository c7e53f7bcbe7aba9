import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, technicalExamination, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { field, material, sharedMaterial } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const HOSPITAL_PREPARATION = itemCode(OFFICE.creditCode, '000172006000');

export const hospitalPreparation = defineItem(OFFICE, {
  code: HOSPITAL_PREPARATION,
  name: '医疗机构制剂注册',
  version: 1,
  publishedOn: '2026-01-05',
  legalBasis: ['《中华人民共和国药品管理法》第七十六条', '《医疗机构制剂注册管理办法(试行)》(国家食品药品监督管理局令第20号)'],
  conditions: ['持有医疗机构执业许可证和医疗机构制剂许可证', '拟注册制剂市场上没有供应', '完成规定的研究'],
  materials: [
    material('application-form', '医疗机构制剂注册申请表'),
    sharedMaterial('practice-licence', '医疗机构执业许可证'),
    sharedMaterial('preparation-licence', '医疗机构制剂许可证'),
    material('prescription', '处方组成、来源、理论依据及使用背景'),
    material('process-research', '配制工艺研究资料'),
    material('quality-standard', '质量标准草案及起草说明'),
    material('stability', '稳定性试验资料'),
    material('clinical-research', '临床研究总结', { required: false }),
  ],
  formFields: [field('productName', '制剂名称'), field('dosageForm', '剂型'), field('specification', '规格')],
  commonErrors: ['市场上已有供应的品种', '处方未标明法定计量单位', '稳定性试验时间不足'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '样品检验与技术审评(不计入时限)', '技术审核', '决定', '制证', '送达'],
  statutoryDays: 30,
  promisedDays: 20,
  resultName: '医疗机构制剂注册批件',
  result: ResultKind.APPROVAL_DOCUMENT,
  resultSampleUrl: `${SAMPLES}/preparation-approval.pdf`,
  consultation: CONSULTATION,
  validYears: 3,
  approvalFlow: [complianceReview('合规审查', 5), technicalExamination('技术审评', null), technicalReview('技术审核', 5), ...ending(5)],
  reviewRules: {
    version: 1,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '申请主体资格',
        standard: '《医疗机构制剂注册管理办法(试行)》第五条',
        keyPoints: ['两证在有效期内'],
      },
      {
        stepCode: 'technical-examination',
        content: '安全性、有效性与质量可控性',
        standard: '《医疗机构制剂注册管理办法(试行)》第十七条',
        keyPoints: ['处方合理', '质量标准可控', '样品检验合格'],
      },
      { stepCode: 'technical-review', content: '审评结论复核', standard: '审评报告与检验报告', keyPoints: ['结论一致', '说明书与标签'] },
    ],
  },
});
