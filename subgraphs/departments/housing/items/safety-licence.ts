import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, siteInspection, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material, optionalField, sharedMaterial } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const SAFETY_LICENCE = itemCode(OFFICE.creditCode, '000117011000');

/** The law gives 45 days for it, and the licence is valid for three years (安全生产许可证条例, Arts. 7, 9). */
export const safetyLicence = defineItem(OFFICE, {
  code: SAFETY_LICENCE,
  name: '建筑施工企业安全生产许可',
  version: 3,
  publishedOn: '2026-01-05',
  legalBasis: [
    '《中华人民共和国安全生产法》第六十三条',
    '《安全生产许可证条例》第二条、第四条、第七条',
    '《建筑施工企业安全生产许可证管理规定》(建设部令第128号)',
  ],
  conditions: [
    '已取得建筑业企业资质',
    '建立、健全安全生产责任制,制定完备的安全生产规章制度',
    '设置安全生产管理机构,按规定配备专职安全生产管理人员',
    '主要负责人、项目负责人、专职安全生产管理人员经考核合格',
    '特种作业人员经考核合格,取得操作资格证书',
  ],
  materials: [
    material('application-form', '建筑施工企业安全生产许可证申请表', { modelTextUrl: `${SAMPLES}/safety-application.pdf` }),
    BUSINESS_LICENCE,
    sharedMaterial('qualification', '建筑业企业资质证书'),
    material('safety-system', '安全生产责任制和安全生产规章制度文件目录'),
    material('safety-budget', '保证安全生产投入的证明文件'),
    sharedMaterial('safety-staff', '主要负责人、项目负责人和专职安全生产管理人员安全考核合格名单及证书'),
    material('special-workers', '特种作业人员名单及操作资格证书'),
    material('emergency-plan', '生产安全事故应急救援预案'),
    material('insurance', '从业人员参加工伤保险的证明', { required: false, shared: true }),
  ],
  formFields: [
    field('grade', '资质等级', '如:二级'),
    field('specialty', '资质类别', '如:建筑工程施工总承包'),
    field('personnel', '关键人员配备', '岗位:人数,用分号分隔,如:专职安全员:12;项目负责人:5'),
    optionalField('specialWorkers', '特种作业人员人数'),
  ],
  commonErrors: ['专职安全生产管理人员数量低于资质等级要求', '考核合格证书已过有效期', '应急预案未含应急器材清单'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '技术审核', '现场勘验(必要时)', '决定', '制证', '送达'],
  statutoryDays: 45,
  promisedDays: 15,
  resultName: '建筑施工企业安全生产许可证',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/safety-licence.pdf`,
  consultation: CONSULTATION,
  validYears: 3,
  approvalFlow: [
    complianceReview('合规审查', 3),
    technicalReview('技术审核', 7),
    siteInspection('现场勘验', 5, { requiredWhen: () => false }),
    ...ending(3),
  ],
  reviewRules: {
    version: 2,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '企业资质与申请材料',
        standard: '《建筑施工企业安全生产许可证管理规定》第六条',
        keyPoints: ['资质有效', '材料齐全'],
      },
      {
        stepCode: 'technical-review',
        content: '安全管理机构与人员',
        standard: '《建筑施工企业安全生产管理机构设置及专职安全生产管理人员配备办法》',
        keyPoints: ['专职人员数量', '证书与社保一致', '安全投入'],
      },
      {
        stepCode: 'site-inspection',
        content: '安全生产条件现场核查',
        standard: '《安全生产许可证条例》第七条',
        keyPoints: ['制度落实', '应急器材'],
        notes: '材料存疑时进行',
      },
    ],
  },
});
