import { OUTCOMES, ROLE_TABLE, ROLE_TITLES, TABLE_ROLES } from './role-table.js';

/** The role table as a page, in both languages. */
export function roleTablePage(): string {
  const titles = TABLE_ROLES.map((role) => `${ROLE_TITLES[role].zh}<br>${role}`);
  const legend = Object.entries(OUTCOMES).map(([outcome, { zh, en }]) => `| ${outcome} | ${zh} | ${en} |`);
  const roles = TABLE_ROLES.map((role) => `| ${role} | ${ROLE_TITLES[role].zh} | ${ROLE_TITLES[role].en} |`);
  const lines = ROLE_TABLE.map(({ subgraph, kind, field, when, outcomes }) => {
    const name = `\`${field}\`${when === undefined ? '' : ` (\`${when}\`)`}`;
    return `| ${subgraph} | ${kind} | ${name} | ${TABLE_ROLES.map((role) => outcomes[role]).join(' | ')} |`;
  });
  return `# 谁可以看到和做什么 · Who may see and do what

由 [role-table.ts](role-table.ts) 生成;测试以每种身份在每个子图上逐一尝试每个字段,再经网关尝试公开字段。
Printed from [role-table.ts](role-table.ts); a test tries every field of every subgraph as every role, and the public ones through the gateway.

| | 身份 | who asks |
| --- | --- | --- |
${roles.join('\n')}

| | 结果 | what becomes of it |
| --- | --- | --- |
${legend.join('\n')}

| subgraph | kind | field | ${titles.join(' | ')} |
| --- | --- | --- | ${TABLE_ROLES.map(() => '---').join(' | ')} |
${lines.join('\n')}
`;
}
