/** A role of the demonstration, with a token printed at start. None of them exists. */
export interface DemoPerson {
  readonly key: string;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly title: string;
}

/** One person per role; each department has an officer besides. */
export function demoPeople(departmentCodes: readonly string[]): DemoPerson[] {
  return [
    { key: 'applicant', subject: 'demo-applicant', roles: ['applicant'], title: '申请人 an applicant' },
    { key: 'enterprise', subject: 'demo-enterprise', roles: ['applicant'], title: '企业申请人 an enterprise' },
    { key: 'window', subject: 'demo-window', roles: ['window'], title: '综合窗口 the comprehensive window' },
    ...departmentCodes.map((code) => ({
      key: code,
      subject: `demo-officer-${code}`,
      roles: [`department:${code}`],
      title: `部门经办 an officer of ${code}`,
    })),
    { key: 'monitor', subject: 'demo-monitor', roles: ['monitor'], title: '电子监察 a monitor' },
    { key: 'centre', subject: 'demo-centre', roles: ['centre'], title: '省政务大数据中心 the Centre' },
    { key: 'bureau', subject: 'demo-bureau', roles: ['bureau'], title: '省行政审批政务信息管理局 the Bureau' },
    { key: 'admin', subject: 'demo-admin', roles: ['admin'], title: '平台管理员 an administrator' },
  ];
}
