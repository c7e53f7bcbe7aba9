import { OTHER_DEPARTMENT } from '../callers.js';
import type { Check } from '../check.js';
import { DEPARTMENT_ITEMS, type DeclaredItem, type Guide } from '../client/documents.js';
import { expectSame, expectThat, Unmet } from '../unmet.js';

const TEXTS = ['itemName', 'implementingBody', 'fee', 'resultName'] as const;
const LISTS = ['legalBasis', 'conditions', 'materials', 'formFields', 'commonErrors', 'process', 'consultation'] as const;

/** Parts of a guide that say nothing. There is no sample where there is no result, and no basis where there is no fee. */
function emptyParts(guide: Guide): string[] {
  const blank = (value: unknown) => typeof value !== 'string' || value.trim() === '';
  return [
    ...TEXTS.filter((part) => blank(guide[part])),
    ...LISTS.filter((part) => {
      const list = guide[part];
      return !Array.isArray(list) || list.length === 0 || list.some((entry: unknown) => typeof entry === 'string' && blank(entry));
    }),
    ...(guide.result !== 'NONE' && blank(guide.resultSampleUrl) ? ['resultSampleUrl'] : []),
    ...(guide.feeBasis !== null && blank(guide.feeBasis) ? ['feeBasis'] : []),
  ];
}

/** @throws Unmet naming the first item that has a fault */
function eachItem(items: readonly DeclaredItem[], faultOf: (item: DeclaredItem) => string | undefined): void {
  for (const item of items) {
    const fault = faultOf(item);
    if (fault !== undefined) throw new Unmet(`item ${item.code}: ${fault}`);
  }
}

export const ITEM_CHECKS: readonly Check[] = [
  {
    id: 'items.declared',
    level: 'MUST',
    title: { zh: 'departmentItems 申报全部事项', en: 'departmentItems declares the department’s items' },
    why: 'The catalogue is collected from it.',
    pointer: 'Query.departmentItems',
    remedy: 'Answer every item with its guide, for the platform’s token.',
    smoke: true,
    needs: ['sdl.service'],
    async run(session) {
      const items = await session.items();
      expectThat(Array.isArray(items) && items.length > 0, 'the department declares no item', {
        expected: 'at least one item',
        found: items,
      });
    },
  },
  {
    id: 'items.codes-unique',
    level: 'MUST',
    title: { zh: '事项编码唯一', en: 'item codes are unique' },
    why: 'An application names its item by this code.',
    pointer: 'DeclaredItem.code',
    remedy: 'Give every item a code of its own and never use one again.',
    smoke: true,
    needs: ['items.declared'],
    async run(session) {
      const codes = (await session.items()).map(({ code }) => code);
      const repeated = codes.find((code, index) => codes.indexOf(code) !== index);
      expectThat(repeated === undefined, 'two items have the same code', { found: repeated });
    },
  },
  {
    id: 'items.department-code',
    level: 'MUST',
    title: { zh: '事项的部门编码正确', en: 'items carry the department’s own code' },
    why: 'The gateway routes by it: an item with another code is asked of another department.',
    pointer: 'DeclaredItem.departmentCode',
    remedy: 'Answer the code that the department is registered under.',
    smoke: true,
    needs: ['items.declared'],
    async run(session) {
      eachItem(await session.items(), ({ departmentCode }) =>
        departmentCode === session.code ? undefined : `departmentCode is ${departmentCode}, not ${session.code}`,
      );
    },
  },
  {
    id: 'items.guide-complete',
    level: 'MUST',
    title: { zh: '办事指南要素齐全(第十一条)', en: 'every part of a guide is filled in (Art. 11)' },
    why: 'Applicants are entitled to all of it before they apply; the platform checks applications against it.',
    pointer: 'ServiceGuide',
    remedy: 'Fill in every part; write 不收费 where there is no fee.',
    smoke: true,
    needs: ['items.declared'],
    async run(session) {
      eachItem(await session.items(), ({ guide }) => {
        const parts = emptyParts(guide);
        return parts.length === 0 ? undefined : `the guide says nothing in ${parts.join(', ')}`;
      });
    },
  },
  {
    id: 'items.promised-within-statutory',
    level: 'MUST',
    title: { zh: '承诺时限不长于法定时限', en: 'the promised limit is not longer than the statutory one' },
    why: 'Nobody may promise to break the law; both clocks run.',
    pointer: 'ServiceGuide.promisedDays',
    remedy: 'Correct the limits; both count working days, and same-day items promise 0.',
    smoke: true,
    needs: ['items.declared'],
    async run(session) {
      eachItem(await session.items(), ({ guide: { promisedDays, statutoryDays } }) =>
        promisedDays >= 0 && promisedDays <= statutoryDays ? undefined : `promises ${promisedDays} days of ${statutoryDays} statutory ones`,
      );
    },
  },
  {
    id: 'items.guide-codes-unique',
    level: 'MUST',
    title: { zh: '材料编码与表单项名称在指南内唯一', en: 'materials and form entries are told apart within a guide' },
    why: 'What an applicant hands in is matched by them.',
    pointer: 'RequiredMaterial.code',
    remedy: 'Give every material a code and every form entry a name of its own.',
    smoke: true,
    needs: ['items.declared'],
    async run(session) {
      eachItem(await session.items(), ({ guide: { materials, formFields } }) => {
        const lists = [materials.map(({ code }) => code), formFields.map(({ name }) => name)];
        const repeated = lists.flatMap((list) => list.filter((value, index) => list.indexOf(value) !== index));
        return repeated.length === 0 ? undefined : `${repeated.join(', ')} stands twice in the guide`;
      });
    },
  },
  {
    id: 'items.one-guide',
    level: 'MUST',
    title: { zh: '同一事项指南同源一致(第十一条)', en: 'the guide of an item is the same everywhere (Art. 11)' },
    why: 'One source, every channel: the catalogue must not tell applicants something else than the item does.',
    pointer: 'ServiceItem.guide',
    remedy: 'Answer `departmentItems` and `ServiceItem.guide` from the same data.',
    smoke: true,
    needs: ['entities.typename'],
    async run(session) {
      const [first] = await session.items();
      const entity = await session.item(first?.code ?? '');
      expectSame(entity?.guide, first?.guide, 'the guide of departmentItems and that of the entity differ');
    },
  },
  {
    id: 'items.flow-and-rules',
    level: 'MUST',
    title: {
      zh: '审批流程图与审查细则齐全(第十二条)',
      en: 'items have a flow with one decision, and review rules for its steps (Art. 12)',
    },
    why: 'A case is led along the flow, and its decision cites the rules.',
    pointer: 'ServiceItem.approvalFlow',
    remedy: 'Publish the steps in the order they are done, one of kind DECISION, and a rule in force for each step that reviews.',
    smoke: true,
    needs: ['entities.typename'],
    async run(session) {
      for (const { code } of (await session.items()).slice(0, 20)) {
        const { approvalFlow, reviewRules } = (await session.item(code)) ?? {};
        const steps = (approvalFlow ?? []).map((step) => step.code);
        expectThat(new Set(steps).size === steps.length, `item ${code}: two steps have the same code`, { found: steps });
        const decisions = (approvalFlow ?? []).filter(({ kind }) => kind === 'DECISION').length;
        expectThat(decisions === 1, `item ${code}: the flow has to have one decision`, { expected: 1, found: decisions });
        expectThat((reviewRules ?? []).length > 0, `item ${code} has no review rules`);
        const lost = (reviewRules ?? []).find(({ stepCode }) => !steps.includes(stepCode));
        expectThat(lost === undefined, `item ${code}: a rule names a step that is not in the flow`, { found: lost?.stepCode });
      }
    },
  },
  {
    id: 'items.rules-one-version',
    level: 'SHOULD',
    title: { zh: '现行细则为同一版本', en: 'the rules in force have one version' },
    why: 'A decision cites one version.',
    pointer: 'ReviewRule.version',
    remedy: 'Raise the version of all rules of an item together.',
    smoke: true,
    needs: ['items.flow-and-rules'],
    async run(session) {
      const [first] = await session.items();
      const versions = new Set(((await session.item(first?.code ?? ''))?.reviewRules ?? []).map(({ version }) => version));
      expectThat(versions.size === 1, 'rules of several versions are in force at once', { found: [...versions] });
    },
  },
  {
    id: 'items.wrong-department',
    level: 'MUST',
    title: { zh: '拒绝以其他部门编码查询事项', en: 'departmentItems refuses another department’s code' },
    why: 'A request that was sent to the wrong place must not be answered with the wrong department’s items.',
    pointer: 'Query.departmentItems(departmentCode:)',
    remedy: 'Refuse a departmentCode that is not yours with the code UNKNOWN_DEPARTMENT.',
    smoke: true,
    needs: ['items.declared'],
    async run(session) {
      await session.refused(DEPARTMENT_ITEMS, { departmentCode: OTHER_DEPARTMENT });
    },
  },
];
