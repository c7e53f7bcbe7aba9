import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, endingWithoutCertificate, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { field, material, sharedMaterial } from '../../../kit/department/materials.js';
import { ResultKind, ServiceItemKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const CONSTRUCTOR_REGISTRATION = itemCode(OFFICE.creditCode, '000117019000');
export const SAFETY_STAFF_EXAMINATION = itemCode(OFFICE.creditCode, '000117033000');

export const constructorRegistration = defineItem(OFFICE, {
  code: CONSTRUCTOR_REGISTRATION,
  name: '二级建造师注册',
  version: 2,
  publishedOn: '2026-01-05',
  legalBasis: ['《中华人民共和国建筑法》第十四条', '《注册建造师管理规定》(建设部令第153号)第七条至第十条'],
  conditions: ['取得二级建造师执业资格证书', '受聘于一个相关单位', '达到继续教育要求', '没有不予注册的情形'],
  materials: [
    material('application-form', '二级建造师注册申请表', { modelTextUrl: `${SAMPLES}/constructor-application.pdf` }),
    sharedMaterial('examination-certificate', '二级建造师执业资格证书'),
    sharedMaterial('identity', '居民身份证'),
    sharedMaterial('social-insurance', '聘用单位为其缴纳社会保险的证明'),
    material('employment-contract', '聘用劳动合同'),
    material('continuing-education', '继续教育证明', { required: false }),
  ],
  formFields: [
    field('grade', '注册等级', '二级'),
    field('specialty', '注册专业', '如:建筑工程、市政公用工程'),
    field('employer', '聘用单位'),
  ],
  commonErrors: ['社会保险缴纳单位与聘用单位不一致', '同时在两个单位注册'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '决定', '制证', '送达'],
  statutoryDays: 20,
  promisedDays: 5,
  resultName: '中华人民共和国二级建造师注册证书',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/constructor-certificate.pdf`,
  consultation: CONSULTATION,
  validYears: 3,
  approvalFlow: [complianceReview('合规审查', 3), ...ending(1, 1, 5)],
  reviewRules: {
    version: 2,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '资格、聘用与社保',
        standard: '《注册建造师管理规定》第七条、第十五条',
        keyPoints: ['考试合格', '唯一聘用单位', '继续教育学时'],
      },
    ],
  },
});

/** Ends in an entry in the national register, not in a document. */
export const safetyStaffExamination = defineItem(OFFICE, {
  code: SAFETY_STAFF_EXAMINATION,
  name: '建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全任职资格考核',
  kind: ServiceItemKind.CONFIRMATION,
  version: 1,
  publishedOn: '2026-01-05',
  legalBasis: [
    '《建设工程安全生产管理条例》第三十六条',
    '《建筑施工企业主要负责人、项目负责人和专职安全生产管理人员安全生产管理规定》(住房城乡建设部令第17号)',
  ],
  conditions: ['受聘于建筑施工企业', '具备相应学历、职称和安全生产工作经历', '经安全生产教育培训合格'],
  materials: [
    material('application-form', '安管人员安全生产考核申请表'),
    sharedMaterial('identity', '居民身份证'),
    sharedMaterial('social-insurance', '聘用企业为其缴纳社会保险的证明'),
    material('training-record', '安全生产教育培训合格证明'),
  ],
  formFields: [field('specialty', '考核类别', 'A、B 或 C 类'), field('employer', '聘用企业')],
  commonErrors: ['申请类别与岗位不符', '培训学时不足'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理', '合规审查', '考核', '决定并登记入库', '送达'],
  statutoryDays: 20,
  promisedDays: 10,
  resultName: '全国工程质量安全监管信息平台登记(无纸质证书)',
  result: ResultKind.NONE,
  resultSampleUrl: null,
  consultation: CONSULTATION,
  approvalFlow: [complianceReview('合规审查', 3), technicalReview('考核', 5), ...endingWithoutCertificate(2)],
  reviewRules: {
    version: 1,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '报考资格',
        standard: '住房城乡建设部令第17号第六条',
        keyPoints: ['聘用与社保', '学历与经历'],
      },
      {
        stepCode: 'technical-review',
        content: '安全生产知识和管理能力',
        standard: '《安管人员安全生产考核要点》',
        keyPoints: ['成绩合格', '无违规记录'],
      },
    ],
  },
});
