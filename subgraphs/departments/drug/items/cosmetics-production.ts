import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, siteInspection } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const COSMETICS_PRODUCTION = itemCode(OFFICE.creditCode, '000172018000');

export const cosmeticsProduction = defineItem(OFFICE, {
  code: COSMETICS_PRODUCTION,
  name: '化妆品生产许可',
  version: 1,
  publishedOn: '2026-01-05',
  legalBasis: ['《化妆品监督管理条例》第二十六条、第二十七条', '《化妆品生产经营监督管理办法》(国家市场监督管理总局令第46号)'],
  conditions: [
    '是依法设立的企业',
    '有与生产的化妆品品种、数量相适应的生产场地、设施和设备',
    '有质量安全负责人和检验人员',
    '有保证质量安全的管理制度',
  ],
  materials: [
    material('application-form', '化妆品生产许可证申请表'),
    BUSINESS_LICENCE,
    material('floor-plan', '厂区、车间平面布置图'),
    material('equipment-list', '生产设备配置图及清单'),
    material('quality-person', '质量安全负责人学历与从业证明'),
    material('water-report', '生产用水检测报告', { required: false }),
  ],
  formFields: [field('productName', '申请的许可项目', '如:一般液态单元'), field('productionAddress', '生产地址')],
  commonErrors: ['质量安全负责人从业年限不足五年', '许可项目填写为产品名称'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '现场核查(不计入时限)', '决定', '制证', '送达'],
  statutoryDays: 30,
  promisedDays: 15,
  resultName: '化妆品生产许可证',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/cosmetics-licence.pdf`,
  consultation: CONSULTATION,
  validYears: 5,
  approvalFlow: [complianceReview('合规审查', 5), siteInspection('现场核查', null), ...ending(5)],
  reviewRules: {
    version: 1,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '申请主体与人员资格',
        standard: '《化妆品监督管理条例》第二十六条',
        keyPoints: ['质量安全负责人具备五年以上经验', '许可项目划分正确'],
      },
      {
        stepCode: 'site-inspection',
        content: '生产现场',
        standard: '《化妆品生产质量管理规范检查要点及判定原则》',
        keyPoints: ['关键项目全部符合', '生产用水达标'],
      },
    ],
  },
});
