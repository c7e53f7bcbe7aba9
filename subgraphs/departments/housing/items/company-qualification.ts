import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, technicalExamination, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material, sharedMaterial } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const SURVEY_AND_DESIGN = itemCode(OFFICE.creditCode, '000117005000');
export const PROPERTY_DEVELOPMENT = itemCode(OFFICE.creditCode, '000117008000');

/** Experts review the submission; their time is excluded from the limit. */
export const surveyAndDesign = defineItem(OFFICE, {
  code: SURVEY_AND_DESIGN,
  name: '勘察设计企业资质',
  version: 2,
  publishedOn: '2026-01-05',
  legalBasis: [
    '《中华人民共和国建筑法》第十三条',
    '《建设工程勘察设计管理条例》第七条',
    '《建设工程勘察设计资质管理规定》(建设部令第160号)',
  ],
  conditions: ['具有独立企业法人资格', '注册资本、专业技术人员、技术装备和业绩符合资质标准'],
  materials: [
    material('application-form', '工程勘察(设计)资质申请表', { modelTextUrl: `${SAMPLES}/design-application.pdf` }),
    BUSINESS_LICENCE,
    sharedMaterial('registered-staff', '注册执业人员注册证书'),
    material('technical-staff', '主要专业技术人员职称证书和基本情况表'),
    material('achievements', '主要专业技术人员业绩证明'),
    material('equipment', '技术装备清单', { required: false }),
  ],
  formFields: [
    field('grade', '申请等级', '如:乙级'),
    field('specialty', '申请类别', '如:建筑行业(建筑工程)'),
    field('personnel', '关键人员配备', '专业:人数,用分号分隔,如:一级注册建筑师:3;一级注册结构工程师:3'),
  ],
  commonErrors: ['注册人员注册单位与申请单位不一致', '业绩证明缺少规模指标'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '专家审查(不计入时限)', '技术审核', '公示与决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 15,
  resultName: '工程勘察、设计资质证书',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/design-certificate.pdf`,
  consultation: CONSULTATION,
  validYears: 5,
  approvalFlow: [complianceReview('合规审查', 3), technicalExamination('专家审查', null), technicalReview('技术审核', 5), ...ending(5)],
  reviewRules: {
    version: 2,
    rules: [
      { stepCode: 'compliance-review', content: '企业资信', standard: '《工程设计资质标准》', keyPoints: ['法人资格', '注册资本'] },
      {
        stepCode: 'technical-examination',
        content: '人员与业绩',
        standard: '《工程设计资质标准》',
        keyPoints: ['人员专业配备', '业绩真实'],
        notes: '专家审查时间不计入办理时限',
      },
      {
        stepCode: 'technical-review',
        content: '专家意见复核与公示异议',
        standard: '《建设工程勘察设计资质管理规定》第九条',
        keyPoints: ['意见一致', '异议处理'],
      },
    ],
  },
});

export const propertyDevelopment = defineItem(OFFICE, {
  code: PROPERTY_DEVELOPMENT,
  name: '房地产开发企业资质',
  version: 2,
  publishedOn: '2026-01-05',
  legalBasis: ['《城市房地产开发经营管理条例》第九条', '《房地产开发企业资质管理规定》(建设部令第77号,2022年修正)'],
  conditions: ['具有企业法人资格', '从事房地产开发经营时间和竣工业绩符合等级条件', '专业管理人员符合等级条件', '未发生重大工程质量事故'],
  materials: [
    material('application-form', '房地产开发企业资质申报表', { modelTextUrl: `${SAMPLES}/developer-application.pdf` }),
    BUSINESS_LICENCE,
    material('staff', '专业管理、技术人员的职称证件'),
    material('completed-projects', '已开发经营项目的竣工验收材料', { shared: true }),
    material('guarantee', '住宅质量保证书、住宅使用说明书执行情况报告'),
    sharedMaterial('social-insurance', '人员社会保险缴纳证明'),
  ],
  formFields: [
    field('grade', '申请等级', '一级或二级'),
    field('specialty', '资质类别', '房地产开发'),
    field('personnel', '专业管理人员配备', '专业:人数,用分号分隔'),
  ],
  commonErrors: ['人员社会保险缴纳单位与申请单位不一致', '竣工面积未附竣工验收备案表'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '技术审核', '决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 10,
  resultName: '房地产开发企业资质证书',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/developer-certificate.pdf`,
  consultation: CONSULTATION,
  validYears: 3,
  approvalFlow: [complianceReview('合规审查', 3), technicalReview('技术审核', 4), ...ending(3)],
  reviewRules: {
    version: 1,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '企业主体',
        standard: '《房地产开发企业资质管理规定》第五条',
        keyPoints: ['法人资格', '信用记录'],
      },
      {
        stepCode: 'technical-review',
        content: '业绩与人员',
        standard: '《房地产开发企业资质管理规定》第五条',
        keyPoints: ['竣工面积', '人员数量与社保'],
      },
    ],
  },
});
