import { registerEnumType } from 'type-graphql';

/** What can happen to a department in the registry. */
export enum DepartmentEventKind {
  REGISTERED = 'REGISTERED',
  CHANGED = 'CHANGED',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(DepartmentEventKind, {
  name: 'DepartmentEventKind',
  description: '部门接入事件类型。What can happen to a department in the registry.',
  valuesConfig: {
    REGISTERED: { description: '首次接入 registered for the first time' },
    CHANGED: { description: '接入信息变更 published something else, or moved' },
    WITHDRAWN: { description: '退出:图谱回退到其接入之前 left: the graph was rolled back to before it joined' },
  },
});
