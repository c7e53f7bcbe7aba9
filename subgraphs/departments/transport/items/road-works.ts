import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, siteInspection, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const ROAD_RELATED_WORKS = itemCode(OFFICE.creditCode, '000118015000');
export const ROAD_CONSTRUCTION = itemCode(OFFICE.creditCode, '000118004000');

/** Works of others that touch a road. */
export const roadRelatedWorks = defineItem(OFFICE, {
  code: ROAD_RELATED_WORKS,
  name: '涉路施工活动许可',
  version: 2,
  publishedOn: '2026-01-05',
  legalBasis: ['《中华人民共和国公路法》第四十四条、第四十五条', '《公路安全保护条例》第二十七条、第二十八条'],
  conditions: ['符合有关技术标准和规范', '有保障公路、公路附属设施质量和安全的技术评价报告', '有处置施工险情和意外事故的应急方案'],
  materials: [
    material('application-form', '涉路施工活动申请书', { modelTextUrl: `${SAMPLES}/road-works-application.pdf` }),
    BUSINESS_LICENCE,
    material('design', '符合有关技术标准、规范要求的设计和施工方案'),
    material('assessment', '保障公路、公路附属设施质量和安全的技术评价报告'),
    material('emergency-plan', '处置施工险情和意外事故的应急方案'),
  ],
  formFields: [field('road', '公路名称及编号'), field('stake', '施工位置桩号', '如:K12+300'), field('workPeriod', '施工期限')],
  commonErrors: ['桩号范围与施工图不一致', '评价报告未涵盖交通组织'],
  fee: '不收费;占用、挖掘公路的,依法缴纳补偿费',
  feeBasis: '《中华人民共和国公路法》第四十四条',
  process: ['申请与受理', '合规审查', '技术审核', '现场勘验', '决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 10,
  resultName: '涉路施工活动许可决定书',
  result: ResultKind.APPROVAL_DOCUMENT,
  resultSampleUrl: `${SAMPLES}/road-works-decision.pdf`,
  consultation: CONSULTATION,
  approvalFlow: [complianceReview('合规审查', 2), technicalReview('技术审核', 3), siteInspection('现场勘验', 2), ...ending(2, 1, 5)],
  reviewRules: {
    version: 2,
    rules: [
      { stepCode: 'compliance-review', content: '申请主体与材料', standard: '《公路安全保护条例》第二十八条', keyPoints: ['三项材料齐全'] },
      {
        stepCode: 'technical-review',
        content: '设计与施工方案',
        standard: '《公路工程技术标准》(JTG B01)',
        keyPoints: ['净空与埋深', '交通组织', '恢复标准'],
      },
      { stepCode: 'site-inspection', content: '施工位置现场', standard: '技术评价报告', keyPoints: ['桩号与现场一致', '视距与安全设施'] },
    ],
  },
});

export const roadConstruction = defineItem(OFFICE, {
  code: ROAD_CONSTRUCTION,
  name: '公路建设项目施工许可',
  version: 1,
  publishedOn: '2026-01-05',
  legalBasis: ['《中华人民共和国公路法》第二十五条', '《公路建设市场管理办法》第二十五条'],
  conditions: ['项目已列入公路建设年度计划', '施工图设计文件已批准', '建设资金已落实', '征地手续已办理', '施工、监理单位已依法确定'],
  materials: [
    material('application-form', '公路建设项目施工许可申请书'),
    material('design-approval', '施工图设计文件批复', { shared: true }),
    material('funds-audit', '交通主管部门对建设资金落实情况的审计意见'),
    material('land-approval', '国土资源部门关于征地的批复或控制性用地的批复', { shared: true }),
    material('contract', '建设项目各合同段的施工单位和监理单位名单、合同价情况'),
    material('quality-supervision', '已办理的质量监督手续材料'),
    material('safety', '保证工程质量和安全措施的材料'),
  ],
  formFields: [field('projectCode', '投资项目代码'), field('road', '项目名称'), field('kilometres', '建设里程(公里)')],
  commonErrors: ['资金落实审计意见过期', '合同段与批复不一致'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '技术审核', '决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 10,
  resultName: '公路建设项目施工许可书',
  result: ResultKind.APPROVAL_DOCUMENT,
  resultSampleUrl: `${SAMPLES}/construction-permit.pdf`,
  consultation: CONSULTATION,
  approvalFlow: [complianceReview('合规审查', 3), technicalReview('技术审核', 5), ...ending(2, 1, 5)],
  reviewRules: {
    version: 1,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '建设程序',
        standard: '《公路建设市场管理办法》第二十四条',
        keyPoints: ['年度计划', '征地', '招标'],
      },
      {
        stepCode: 'technical-review',
        content: '质量与安全措施',
        standard: '《公路建设市场管理办法》第二十五条',
        keyPoints: ['质量监督手续', '安全措施'],
      },
    ],
  },
});
