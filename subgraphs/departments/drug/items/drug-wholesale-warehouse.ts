import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending, technicalReview } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { field, material, optionalField, sharedMaterial } from '../../../kit/department/materials.js';
import { ResultKind } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const DRUG_WHOLESALE_WAREHOUSE = itemCode(OFFICE.creditCode, '000172002003');

export const drugWholesaleWarehouse = defineItem(OFFICE, {
  code: DRUG_WHOLESALE_WAREHOUSE,
  name: '药品经营许可(批发)核减仓库',
  version: 2,
  publishedOn: '2026-03-02',
  legalBasis: ['《中华人民共和国药品管理法》第五十一条', '《药品经营和使用质量监督管理办法》(国家市场监督管理总局令第84号)第十六条'],
  conditions: ['已取得药品经营许可证(批发)', '核减后的仓库仍与经营范围、经营规模相适应', '核减仓库内药品已妥善处置'],
  materials: [
    material('change-application', '药品经营许可证变更申请', { modelTextUrl: `${SAMPLES}/change-application.pdf` }),
    material('application-form', '药品经营许可证变更申请表'),
    material('location-plan', '仓库地址方位图和平面布置图'),
    material('premises-proof', '房屋产权或租赁证明', { electronic: true }),
    material('cold-chain', '冷链设施设备情况说明', { required: false }),
    sharedMaterial('drug-licence', '药品经营许可证'),
    material('truth-statement', '材料真实性自我声明'),
    material('clearance-statement', '核减仓库药品处置情况自我声明'),
  ],
  formFields: [
    field('warehouseAddress', '核减仓库地址'),
    field('productName', '仓库储存的主要品类', '如:中药饮片、生物制品'),
    optionalField('remainingArea', '核减后仓库总面积(平方米)'),
  ],
  commonErrors: ['仅提交变更申请,未附申请表', '平面布置图未标明核减区域', '自我声明未由法定代表人签字'],
  fee: '不收费',
  feeBasis: null,
  process: ['申请与受理(5个工作日)', '审查(7个工作日)', '决定(5个工作日)', '制证与送达(10个工作日)'],
  statutoryDays: 27,
  promisedDays: 20,
  resultName: '药品经营许可证(变更)',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/wholesale-licence.pdf`,
  consultation: CONSULTATION,
  validYears: 5,
  approvalFlow: [complianceReview('合规审查', 2), technicalReview('审查', 5), ...ending(5, 2, 8)],
  reviewRules: {
    version: 1,
    rules: [
      {
        stepCode: 'compliance-review',
        content: '申请主体与许可证、签字盖章',
        standard: '《药品经营和使用质量监督管理办法》第十六条',
        keyPoints: ['许可证在有效期内', '两份自我声明齐全'],
      },
      {
        stepCode: 'technical-review',
        content: '核减后仓储条件',
        standard: '《药品经营质量管理规范》第四十三条至第五十二条',
        keyPoints: ['仓储面积与经营规模相适应', '经营冷藏冷冻药品的保留冷链设施'],
      },
    ],
  },
});
