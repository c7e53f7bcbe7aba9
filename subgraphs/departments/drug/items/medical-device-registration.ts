import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, technicalExamination } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const MEDICAL_DEVICE_REGISTRATION = itemCode(OFFICE.creditCode, '000172014000');

/** The technical examination takes 60 working days, which the limit does not count. */
export const medicalDeviceRegistration = defineItem(OFFICE, {
  code: MEDICAL_DEVICE_REGISTRATION,
  name: '第二类医疗器械产品注册',
  version: 4,
  publishedOn: '2026-02-09',
  legalBasis: ['《医疗器械监督管理条例》第十三条、第十六条', '《医疗器械注册与备案管理办法》(国家市场监督管理总局令第47号)'],
  conditions: ['申请人为在河南省依法登记的企业或研制机构', '产品属于第二类医疗器械', '已建立与产品相适应的质量管理体系'],
  materials: [
    material('application-form', '医疗器械注册申请表', { modelTextUrl: `${SAMPLES}/device-application.pdf` }),
    BUSINESS_LICENCE,
    material('risk-analysis', '产品风险分析资料'),
    material('technical-requirements', '产品技术要求'),
    material('test-report', '产品检验报告'),
    material('clinical-evaluation', '临床评价资料', { required: false }),
    material('labelling', '产品说明书及标签样稿'),
    material('quality-system', '与产品研制、生产有关的质量管理体系文件'),
  ],
  formFields: [
    field('productName', '产品名称', '符合医疗器械通用名称命名规则'),
    field('specification', '型号规格'),
    field('intendedUse', '适用范围'),
  ],
  commonErrors: ['产品名称与分类目录不一致', '检验报告与产品技术要求编号不对应', '说明书缺少禁忌症'],
  fee: '不收费',
  feeBasis: '《河南省发展和改革委员会 河南省财政厅关于免征医疗器械产品注册费的通知》(演示)',
  process: ['申请与受理(5个工作日)', '技术审评(60个工作日,不计入时限)', '决定(20个工作日)', '制证与送达(10个工作日)'],
  statutoryDays: 20,
  promisedDays: 15,
  resultName: '中华人民共和国医疗器械注册证',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/device-certificate.pdf`,
  consultation: CONSULTATION,
  validYears: 5,
  approvalFlow: [complianceReview('合规审查', 3), technicalExamination('技术审评', 60), ...ending(20)],
  reviewRules: {
    version: 2,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '分类界定与申请主体',
        standard: '《医疗器械分类目录》',
        keyPoints: ['产品为第二类', '申请人资格'],
      },
      {
        stepCode: 'technical-examination',
        content: '安全性、有效性和质量可控性',
        standard: '《医疗器械安全和性能基本原则》',
        keyPoints: ['风险受益可接受', '技术要求指标不低于强制性标准', '临床评价路径恰当'],
        notes: '审评中补正一次性告知,补正时间不计入',
      },
    ],
  },
});
