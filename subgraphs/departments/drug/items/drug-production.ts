import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, siteInspection, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material, optionalField } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const DRUG_PRODUCTION = itemCode(OFFICE.creditCode, '000172001000');

/** Inspection and rectification are excluded from the limit. */
export const drugProduction = defineItem(OFFICE, {
  code: DRUG_PRODUCTION,
  name: '药品生产许可',
  version: 3,
  publishedOn: '2026-01-05',
  legalBasis: ['《中华人民共和国药品管理法》第四十一条', '《药品生产监督管理办法》(国家市场监督管理总局令第28号)第六条至第十五条'],
  conditions: [
    '有依法经过资格认定的药学技术人员、工程技术人员及相应的技术工人',
    '有与药品生产相适应的厂房、设施、设备和卫生环境',
    '有能对所生产药品进行质量管理和质量检验的机构、人员及必要的仪器设备',
    '有保证药品质量的规章制度,并符合药品生产质量管理规范要求',
  ],
  materials: [
    material('application-form', '药品生产许可证申请表', { modelTextUrl: `${SAMPLES}/production-application.pdf` }),
    BUSINESS_LICENCE,
    material('organisation-chart', '组织机构图及部门职责'),
    material('key-personnel', '法定代表人、企业负责人、生产负责人、质量负责人、质量受权人简历及学历、职称证书', { shared: false }),
    material('floor-plan', '厂区总布局图、各车间工艺布局平面图', { electronic: true, copies: 1 }),
    material('process-description', '拟生产剂型、品种及工艺流程图,主要质量控制点'),
    material('equipment-list', '主要生产设备及检验仪器目录'),
    material('quality-system', '质量管理体系文件目录', { required: false }),
  ],
  formFields: [
    field('productName', '拟生产品种', '通用名,与药品注册批件一致'),
    field('dosageForm', '剂型', '如:片剂、注射剂'),
    field('productionAddress', '生产地址', '填至车间'),
    optionalField('gmpScope', '申请的检查范围'),
  ],
  commonErrors: ['生产地址未填写至具体车间', '平面图未标明洁净级别、人流和物流走向', '质量受权人未提供任命文件'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '技术审核', '药品生产质量管理规范符合性检查(不计入时限)', '决定', '制证', '送达'],
  statutoryDays: 30,
  promisedDays: 15,
  resultName: '药品生产许可证',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/production-licence.pdf`,
  consultation: CONSULTATION,
  validYears: 5,
  approvalFlow: [
    complianceReview('合规审查', 3),
    technicalReview('技术审核', 5),
    siteInspection('药品生产质量管理规范符合性检查', null),
    ...ending(5),
  ],
  reviewRules: {
    version: 3,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '申请主体资格与材料合法性',
        standard: '《药品生产监督管理办法》第六条、第七条',
        keyPoints: ['主体与营业执照一致', '关键人员不在禁止从业名单', '材料签章完整'],
      },
      {
        stepCode: 'technical-review',
        content: '厂房设施、人员、质量体系与拟生产品种的适应性',
        standard: '《药品生产质量管理规范(2010年修订)》',
        keyPoints: ['洁净区级别与剂型匹配', '检验能力覆盖质量标准', '关键人员资质与经验'],
      },
      {
        stepCode: 'site-inspection',
        content: '生产现场与质量管理规范的符合性',
        standard: '《药品检查管理办法(试行)》',
        keyPoints: ['严重缺陷为零', '主要缺陷已整改', '检查员不少于两人'],
        notes: '检查与企业整改时间不计入办理时限',
      },
    ],
  },
});
