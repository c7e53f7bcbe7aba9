import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, hearing, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material, sharedMaterial } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const INTERPROVINCIAL_PASSENGERS = itemCode(OFFICE.creditCode, '000118021000');
export const WATERWAY_TRANSPORT = itemCode(OFFICE.creditCode, '000118034000');

/** A new line that competes with others is argued in a hearing; an applicant without competitors says so in the form. */
export const interprovincialPassengers = defineItem(OFFICE, {
  code: INTERPROVINCIAL_PASSENGERS,
  name: '省际客运经营许可',
  version: 2,
  publishedOn: '2026-01-05',
  legalBasis: ['《中华人民共和国道路运输条例》第十条', '《道路旅客运输及客运站管理规定》(交通运输部令2020年第17号)'],
  conditions: ['有与其经营业务相适应并经检测合格的车辆', '从事驾驶的人员符合规定', '有健全的安全生产管理制度', '有明确的线路和站点方案'],
  materials: [
    material('application-form', '道路旅客运输班线经营申请表', { modelTextUrl: `${SAMPLES}/passenger-application.pdf` }),
    BUSINESS_LICENCE,
    sharedMaterial('road-transport-permit', '道路运输经营许可证'),
    material('line-plan', '线路和站点方案、进站方案'),
    material('vehicle-commitment', '拟投入车辆承诺书'),
    material('driver-list', '已聘用或拟聘用驾驶人员的驾驶证和从业资格证', { required: false }),
    material('safety-system', '安全生产管理制度文本'),
  ],
  formFields: [
    field('origin', '起点站'),
    field('destination', '讫点站'),
    field('provinces', '途经省份', '按行驶顺序,用逗号分隔'),
    field('kilometres', '线路里程(公里)'),
    field('competing', '是否与既有班线重叠', '是或否'),
  ],
  commonErrors: ['未附对方站进站意向', '拟投入车辆等级与线路里程不符'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '征求目的地省份意见与技术审核', '听证论证(与既有班线重叠的)', '决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 15,
  resultName: '道路客运班线经营许可证明',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/passenger-line.pdf`,
  consultation: CONSULTATION,
  validYears: 6,
  approvalFlow: [
    complianceReview('合规审查', 3),
    technicalReview('线路技术审核', 7),
    hearing('听证论证', null, { requiredWhen: (form) => form.get('competing') === '是' }),
    ...ending(3),
  ],
  reviewRules: {
    version: 2,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '申请主体',
        standard: '《中华人民共和国道路运输条例》第八条',
        keyPoints: ['许可有效', '近三年无重大责任事故'],
      },
      {
        stepCode: 'technical-review',
        content: '线路与站点',
        standard: '《道路旅客运输及客运站管理规定》第十七条',
        keyPoints: ['客流', '目的地省份意见', '通行条件'],
      },
      {
        stepCode: 'hearing',
        content: '班线重叠',
        standard: '《交通行政许可实施程序规定》第二十条',
        keyPoints: ['利害关系人意见'],
        notes: '听证时间不计入办理时限',
      },
    ],
  },
});

export const waterwayTransport = defineItem(OFFICE, {
  code: WATERWAY_TRANSPORT,
  name: '水路运输业务经营许可',
  version: 1,
  publishedOn: '2026-01-05',
  legalBasis: ['《国内水路运输管理条例》第八条', '《国内水路运输管理规定》(交通运输部令2020年第4号)'],
  conditions: ['具备企业法人资格', '有符合规定的船舶和海务、机务管理人员', '有健全的安全管理和防污染制度'],
  materials: [
    material('application-form', '水路运输业务经营申请书'),
    BUSINESS_LICENCE,
    material('ship-documents', '船舶所有权登记证书、检验证书', { shared: true }),
    material('management-staff', '海务、机务管理人员任职资历材料'),
    material('crew-proof', '高级船员配备情况材料'),
    material('safety-system', '安全与防污染管理制度'),
  ],
  formFields: [
    field('operationScope', '拟经营范围', '如:省内普通货船运输'),
    field('origin', '主要起运港'),
    field('destination', '主要到达港'),
  ],
  commonErrors: ['自有船舶运力不足', '管理人员未签劳动合同'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '技术审核', '决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 12,
  resultName: '国内水路运输经营许可证',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/waterway-licence.pdf`,
  consultation: CONSULTATION,
  validYears: 5,
  approvalFlow: [complianceReview('合规审查', 3), technicalReview('技术审核', 5), ...ending(2)],
  reviewRules: {
    version: 1,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '申请主体',
        standard: '《国内水路运输管理条例》第六条',
        keyPoints: ['法人资格', '制度文本'],
      },
      {
        stepCode: 'technical-review',
        content: '运力与人员',
        standard: '《国内水路运输管理规定》附件',
        keyPoints: ['自有运力达标', '海务机务人员资历'],
      },
    ],
  },
});
