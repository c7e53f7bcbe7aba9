import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, siteInspection, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material, optionalField, sharedMaterial } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';
import { oversizeClassOf } from '../rules/class-of-oversize.js';
import { TransportOversizeClass } from '../types.js';

export const OVERSIZE_TRANSPORT = itemCode(OFFICE.creditCode, '000118018000');

/** Within the province 2, 5 or 15 working days by class; across provinces 5, 10 or 20. The guide states the longest of each. */
export const oversizeTransport = defineItem(OFFICE, {
  code: OVERSIZE_TRANSPORT,
  name: '公路超限运输许可',
  version: 5,
  publishedOn: '2026-04-01',
  legalBasis: [
    '《中华人民共和国公路法》第五十条',
    '《公路安全保护条例》第三十五条至第三十八条',
    '《超限运输车辆行驶公路管理规定》(交通运输部令2021年第12号)',
  ],
  conditions: ['运输不可解体物品', '承运人已取得道路货物运输经营资质', '车辆轴荷分布合理,选择的路线可以通行'],
  materials: [
    material('application-form', '公路超限运输申请表', { modelTextUrl: `${SAMPLES}/oversize-application.pdf` }),
    BUSINESS_LICENCE,
    sharedMaterial('road-transport-permit', '承运人的道路运输经营许可证'),
    sharedMaterial('vehicle-licence', '车辆行驶证或者临时行驶车号牌'),
    material('agent-authorisation', '经办人身份证件和授权委托书'),
    material('outline-drawing', '车货总体外廓尺寸轮廓图'),
    material('escort-plan', '护送方案(Ⅲ类)', { required: false }),
    material('reinforcement-plan', '公路桥梁加固方案(需要加固的)', { required: false }),
  ],
  formFields: [
    field('origin', '起运地'),
    field('destination', '目的地'),
    field('provinces', '途经省份', '按行驶顺序,用逗号分隔'),
    field('kilometres', '行驶里程(公里)'),
    field('totalMass', '车货总质量(吨)'),
    field('height', '车货总高度(米)'),
    field('width', '车货总宽度(米)'),
    field('length', '车货总长度(米)'),
    field('axleLoads', '各轴轴荷(千克)', '自前向后,用逗号分隔'),
    optionalField('travelDates', '拟行驶时间'),
  ],
  commonErrors: ['物品可以解体', '轴荷之和与车货总质量不符', '轮廓图未标注牵引车与挂车各轴间距', '途经省份漏填'],
  fee: '不收费;需加固、改造公路设施的,费用由承运人承担',
  feeBasis: '《超限运输车辆行驶公路管理规定》第十九条',
  process: ['申请与受理', '合规审查', '路线技术审核', '现场勘验(Ⅲ类)', '决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 15,
  resultName: '超限运输车辆通行证',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/oversize-pass.pdf`,
  consultation: CONSULTATION,
  approvalFlow: [
    complianceReview('合规审查', 1),
    technicalReview('路线技术审核', 5),
    siteInspection('现场勘验', 5, { requiredWhen: (form) => oversizeClassOf(form) === TransportOversizeClass.III }),
    ...ending(2, 1, 2),
  ],
  reviewRules: {
    version: 5,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '承运人资质与货物性质',
        standard: '《超限运输车辆行驶公路管理规定》第六条至第八条',
        keyPoints: ['货物不可解体', '承运人许可在有效期内', '车辆与行驶证一致'],
      },
      {
        stepCode: 'technical-review',
        content: '路线桥梁的承载与净空',
        standard: '《公路桥梁承载能力检测评定规程》(JTG/T J21)',
        keyPoints: ['逐桥验算轴荷', '净空高度大于车货总高度', '绕行路线'],
        notes: '加固、改造时间不计入办理时限',
      },
      {
        stepCode: 'site-inspection',
        content: 'Ⅲ类超限运输的路线现场',
        standard: '《超限运输车辆行驶公路管理规定》第十六条',
        keyPoints: ['重点桥梁现状', '转弯半径', '护送方案可行'],
      },
    ],
  },
});
