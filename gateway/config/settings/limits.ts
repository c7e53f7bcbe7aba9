import { DEFAULT_LIST_SIZE } from '../../limits/cost/operation-cost.js';
import { DEFAULT_OPERATION_LIMITS, type OperationLimits } from '../../limits/operation-limits.js';
import { text, whole } from '../forms.js';
import { type Setting, setting, type ValuesOf } from '../setting.js';

const OF_GATEWAY: Pick<Setting, 'usedBy'> = { usedBy: ['gateway'] };
const most = (en: string, zh: string) => ({ ...OF_GATEWAY, en: `${en} that one operation may have`, zh: `一个操作最多的${zh}` });

/** How much clients may ask. */
export const LIMITS = {
  GATEWAY_MAX_DEPTH: setting(whole(1, 100, DEFAULT_OPERATION_LIMITS.depth), most('levels of fields', '字段层数')),
  GATEWAY_MAX_FIELDS: setting(whole(1, 1_000_000, DEFAULT_OPERATION_LIMITS.fields), most('fields', '字段数')),
  GATEWAY_MAX_ALIASES: setting(whole(0, 100_000, DEFAULT_OPERATION_LIMITS.aliases), most('aliases', '别名数')),
  GATEWAY_MAX_ROOT_FIELDS: setting(whole(1, 10_000, DEFAULT_OPERATION_LIMITS.rootFields), most('root fields', '根字段数')),
  GATEWAY_MAX_DIRECTIVES: setting(whole(0, 10_000, DEFAULT_OPERATION_LIMITS.directives), most('directives', '指令数')),
  GATEWAY_MAX_LIST_ITEMS: setting(whole(1, 1_000_000, DEFAULT_OPERATION_LIMITS.listItems), most('items of a list', '单个列表的项数')),
  GATEWAY_MAX_VARIABLES: setting(whole(0, 10_000, DEFAULT_OPERATION_LIMITS.variables), most('variables', '变量数')),
  GATEWAY_MAX_BATCH: setting(whole(0, 1_000, DEFAULT_OPERATION_LIMITS.batch), {
    ...OF_GATEWAY,
    en: 'operations of one request; 0: one, and not in a list',
    zh: '一个请求中的操作数;0 表示每个请求一个操作',
  }),
  GATEWAY_MAX_COST: setting(whole(0, 1_000_000_000, 20_000), {
    ...OF_GATEWAY,
    en: 'the most an operation may cost by `@cost` and `@listSize`; 0: anything',
    zh: '按 `@cost` 与 `@listSize` 估算的操作最高成本;0 为不限',
  }),
  GATEWAY_COST_LIST_SIZE: setting(whole(1, 10_000, DEFAULT_LIST_SIZE), {
    ...OF_GATEWAY,
    en: 'how long a list is taken to be that does not say',
    zh: '未说明长度的列表按多长估算',
  }),
  GATEWAY_RATE_PER_IDENTITY: setting(whole(0, 1_000_000, 200), {
    ...OF_GATEWAY,
    en: 'requests a second of one caller, bursts for ten seconds allowed; 0: any number',
    zh: '每个身份每秒的请求数,允许十秒的突发;0 为不限',
  }),
  GATEWAY_RATE_PER_ADDRESS: setting(whole(0, 1_000_000, 1_000), {
    ...OF_GATEWAY,
    en: 'the same of one address',
    zh: '每个地址每秒的请求数;0 为不限',
  }),
  GATEWAY_TRUSTED_DOCUMENTS: setting(text.optional(), {
    ...OF_GATEWAY,
    en: 'a manifest of the only documents that run, by SHA-256',
    zh: '只执行的文档清单,以 SHA-256 为编号',
  }),
};

export function operationLimits(values: ValuesOf<typeof LIMITS>): OperationLimits {
  return {
    ...DEFAULT_OPERATION_LIMITS,
    depth: values.GATEWAY_MAX_DEPTH,
    fields: values.GATEWAY_MAX_FIELDS,
    aliases: values.GATEWAY_MAX_ALIASES,
    rootFields: values.GATEWAY_MAX_ROOT_FIELDS,
    directives: values.GATEWAY_MAX_DIRECTIVES,
    listItems: values.GATEWAY_MAX_LIST_ITEMS,
    variables: values.GATEWAY_MAX_VARIABLES,
    batch: values.GATEWAY_MAX_BATCH,
  };
}
