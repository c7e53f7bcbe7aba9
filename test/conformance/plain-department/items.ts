import type { Faults } from './faults.js';

export interface PlainItem {
  code: string;
  name: string;
  kind: string;
  state: string;
  guide: Record<string, unknown> & { promisedDays: number; statutoryDays: number };
  approvalFlow: { code: string; name: string; kind: string; limitDays: number | null; offSite: boolean }[];
  reviewRules: { version: number; stepCode: string; content: string; standard: string; keyPoints: string[]; notes: string | null }[];
}

function item(code: string, name: string): PlainItem {
  return {
    code,
    name,
    kind: 'LICENSE',
    state: 'ACTIVE',
    guide: {
      version: 3,
      publishedAt: '2026-01-05T01:00:00.000Z',
      itemName: name,
      implementingBody: '河南省档案馆(演示)',
      legalBasis: ['档案法'],
      conditions: ['依法设立'],
      materials: [{ code: 'application', name: '申请书', required: true, copies: 1, electronic: true, shared: false, modelTextUrl: null }],
      formFields: [{ name: 'purpose', label: '用途', required: true, hint: null }],
      commonErrors: ['未加盖公章'],
      fee: '不收费',
      feeBasis: null,
      process: ['申请', '受理', '审查', '决定', '送达'],
      statutoryDays: 20,
      promisedDays: 5,
      resultName: '许可证',
      result: 'CERTIFICATE',
      resultSampleUrl: 'https://archives.test/sample.png',
      consultation: ['12345'],
    },
    approvalFlow: [
      { code: 'formal', name: '形式审查', kind: 'COMPLIANCE_REVIEW', limitDays: 1, offSite: false },
      { code: 'site', name: '现场勘验', kind: 'SITE_INSPECTION', limitDays: 2, offSite: true },
      { code: 'decision', name: '决定', kind: 'DECISION', limitDays: 1, offSite: false },
      { code: 'licence', name: '制证', kind: 'CERTIFICATE', limitDays: 1, offSite: false },
      { code: 'handover', name: '送达', kind: 'DELIVERY', limitDays: null, offSite: false },
    ],
    reviewRules: ['formal', 'site'].map((stepCode) => ({
      version: 7,
      stepCode,
      content: '材料',
      standard: '齐全',
      keyPoints: ['印章'],
      notes: null,
    })),
  };
}

/** The items as the faults have them. */
export function plainItems(faults: Faults): PlainItem[] {
  if (faults.has('no items')) return [];
  const items = [item('archive-use', '档案利用许可'), item('archive-export', '档案出境许可'), item('archive-sale', '档案出售许可')];
  const [first, second] = items as [PlainItem, PlainItem];
  if (faults.has('item codes repeat')) items.push(item('archive-sale', '档案出售许可'));
  if (faults.has('guide part empty')) second.guide['consultation'] = [];
  if (faults.has('promised longer than statutory')) second.guide.promisedDays = 30;
  if (faults.has('material codes repeat'))
    second.guide['materials'] = [...(first.guide['materials'] as object[]), ...(first.guide['materials'] as object[])];
  if (faults.has('flow without decision')) second.approvalFlow = first.approvalFlow.filter(({ kind }) => kind !== 'DECISION');
  if (faults.has('rules of two versions')) first.reviewRules = first.reviewRules.map((rule, index) => ({ ...rule, version: 6 + index }));
  return items;
}
