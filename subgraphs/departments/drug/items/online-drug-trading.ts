import { defineItem } from '../../../kit/department/define-item.js';
import { complianceReview, ending } from '../../../kit/department/flow-steps.js';
import { itemCode } from '../../../kit/department/item-code.js';
import { BUSINESS_LICENCE, field, material } from '../../../kit/department/materials.js';
import { ResultKind, ServiceItemState } from '../../../kit/department/types/item-enums.js';
import { CONSULTATION, OFFICE, SAMPLES } from '../office.js';

export const ONLINE_DRUG_TRADING = itemCode(OFFICE.creditCode, '000172099000');

/** Abolished in 2017; kept, since cases that were accepted before are still to be read. */
export const onlineDrugTrading = defineItem(OFFICE, {
  code: ONLINE_DRUG_TRADING,
  name: '互联网药品交易服务企业(第三方平台除外)审批',
  state: ServiceItemState.RETIRED,
  version: 2,
  publishedOn: '2017-01-23',
  legalBasis: ['《国务院关于第三批取消中央指定地方实施行政许可事项的决定》(国发〔2017〕7号)取消'],
  conditions: ['已取消,不再受理'],
  materials: [material('application-form', '互联网药品交易服务申请表'), BUSINESS_LICENCE],
  formFields: [field('productName', '交易的药品类别')],
  commonErrors: ['事项已取消,申请不予受理'],
  fee: '不收费',
  feeBasis: null,
  process: ['已取消'],
  statutoryDays: 20,
  promisedDays: 20,
  resultName: '互联网药品交易服务资格证书',
  result: ResultKind.CERTIFICATE,
  resultSampleUrl: `${SAMPLES}/online-trading.pdf`,
  consultation: CONSULTATION,
  approvalFlow: [complianceReview('合规审查', 5), ...ending(5)],
  reviewRules: {
    version: 1,
    rules: [{ stepCode: 'compliance-review', content: '申请主体资格', standard: '已取消', keyPoints: ['不再受理'] }],
  },
});
