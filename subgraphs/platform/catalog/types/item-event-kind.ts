import { registerEnumType } from 'type-graphql';

/** What can happen to an item in the directory. */
export enum ItemEventKind {
  DECLARED = 'DECLARED',
  CHANGED = 'CHANGED',
  RETIRED = 'RETIRED',
}
registerEnumType(ItemEventKind, {
  name: 'ItemEventKind',
  description: '目录事项事件类型。What can happen to an item in the directory.',
  valuesConfig: {
    DECLARED: { description: '新增或恢复 offered for the first time, or again' },
    CHANGED: { description: '变更 something of it changed' },
    RETIRED: { description: '取消 no longer offered' },
  },
});
