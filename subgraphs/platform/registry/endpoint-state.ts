import { registerEnumType } from 'type-graphql';

/** What a department's endpoint says it is, against what the department published. */
export enum EndpointState {
  MATCHES = 'MATCHES',
  DIFFERS = 'DIFFERS',
  UNREACHABLE = 'UNREACHABLE',
}
registerEnumType(EndpointState, {
  name: 'EndpointState',
  description: '部门端点状态。What a department’s endpoint answers, against what the department published.',
  valuesConfig: {
    MATCHES: { description: '与已发布一致 it answers what was published' },
    DIFFERS: { description: '与已发布不一致,图谱仍用已发布的契约 it answers another schema; the graph keeps the published one' },
    UNREACHABLE: { description: '无法访问 it does not answer' },
  },
});
