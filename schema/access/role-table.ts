/** Who asks, as the columns of the table. */
export const TABLE_ROLES = [
  'anonymous',
  'owner',
  'applicant',
  'window',
  'department',
  'elsewhere',
  'monitor',
  'centre',
  'bureau',
  'admin',
  'platform',
] as const;
export type TableRole = (typeof TABLE_ROLES)[number];

export const ROLE_TITLES: Record<TableRole, { zh: string; en: string }> = {
  anonymous: { zh: '未登录', en: 'nobody known' },
  owner: { zh: '本人申请人', en: 'the applicant whose it is' },
  applicant: { zh: '其他申请人', en: 'another applicant' },
  window: { zh: '综合窗口', en: 'a comprehensive window' },
  department: { zh: '承办部门', en: 'an officer of its department' },
  elsewhere: { zh: '其他部门', en: 'an officer of another department' },
  monitor: { zh: '监察', en: 'a monitor' },
  centre: { zh: '大数据中心', en: 'the Centre' },
  bureau: { zh: '审批局', en: 'the Bureau' },
  admin: { zh: '管理员', en: 'an administrator' },
  platform: { zh: '平台服务', en: "the platform's own services" },
};

/** What becomes of asking. */
export const OUTCOMES = {
  all: { zh: '全部', en: 'every row' },
  'all*': { zh: '全部,个人信息脱敏', en: 'every row, personal data masked' },
  own: { zh: '仅本人或本部门', en: 'rows of its own person or department' },
  ledger: { zh: '台账已许可的行', en: 'rows the ledger has shown; the gateway asks for no others' },
  none: { zh: '无', en: 'answered, with nothing' },
  yes: { zh: '可', en: 'allowed' },
  '401': { zh: '拒绝(未登录)', en: 'UNAUTHENTICATED' },
  '403': { zh: '拒绝(无权)', en: 'FORBIDDEN' },
} as const;
export type Outcome = keyof typeof OUTCOMES;

export type TableKind = 'query' | 'mutation' | 'subscription' | 'entity';

/** A root field or entity of one subgraph; `departments` stands for whatever keeps the department contract. */
export interface TableRow {
  readonly subgraph: string;
  readonly kind: TableKind;
  readonly field: string;
  /** One way of asking, where it makes a difference. */
  readonly when?: string;
  readonly outcomes: Readonly<Record<TableRole, Outcome>>;
}

/** In the order of {@link TABLE_ROLES}. */
const PATTERNS = {
  // anonymous owner applicant window department elsewhere monitor centre bureau admin platform
  content: '401 own none all own none all* all* all* none all*',
  'content by key': 'none own none all own none all* all* all* none all*',
  'by id number': '401 403 403 all own none 403 403 403 403 403',
  'known to anybody': 'all all all all all all all all all all all',
  'anybody signed in': '401 yes yes yes yes yes yes yes yes yes yes',
  'handing in': '401 yes yes yes 403 403 403 403 403 403 403',
  accepting: '401 403 403 yes 403 403 403 403 403 403 403',
  archiving: '401 403 403 yes 403 403 403 yes 403 403 403',
  'verifying dossiers': '401 403 403 yes yes yes yes yes yes 403 yes',
  'deciding on publicity': '401 403 403 403 403 403 403 yes yes 403 403',
  handling: '401 403 403 403 yes 403 403 403 403 403 403',
  'handling by key': 'none ledger ledger all own none all all all none all',
  'keeping the directory': '401 403 403 403 403 403 403 403 yes yes 403',
  'members of the platform': '401 403 403 403 yes yes yes yes yes yes yes',
  'answering for a department': '401 403 403 403 yes 403 403 403 403 yes 403',
  'running the platform': '401 403 403 403 403 403 403 403 403 yes 403',
  supervising: '401 403 403 403 yes yes yes yes yes 403 yes',
  'supervised by key': 'none none none none own none all all all none all',
  'ordering corrections': '401 403 403 403 403 403 yes yes yes 403 403',
  'passing on to the Bureau': '401 403 403 403 403 403 yes yes 403 403 403',
  'answering orders': '401 403 403 403 yes yes 403 403 403 403 403',
  'between services': '401 403 403 403 403 403 403 403 403 403 yes',
} as const;

function row(subgraph: string, kind: TableKind, fields: string, pattern: keyof typeof PATTERNS, when?: string): TableRow[] {
  const outcomes = PATTERNS[pattern].split(' ') as Outcome[];
  return fields.split(' ').map((field) => ({
    subgraph,
    kind,
    field,
    ...(when !== undefined && { when }),
    outcomes: Object.fromEntries(TABLE_ROLES.map((role, index) => [role, outcomes[index] as Outcome])) as Record<TableRole, Outcome>,
  }));
}

/**
 * Who sees and does what: the one place that says so. The page beside it is printed from it, and a test asks every
 * subgraph, and the gateway, for every field as every role. A root field that is not in it fails that test.
 */
export const ROLE_TABLE: readonly TableRow[] = [
  ...row('acceptance', 'query', 'case cases application applications', 'content'),
  ...row('acceptance', 'query', 'cases', 'by id number', 'filter.applicantIdNumber'),
  ...row('acceptance', 'query', 'caseProgressCursor', 'anybody signed in'),
  ...row('acceptance', 'subscription', 'caseProgress', 'content'),
  ...row('acceptance', 'entity', 'Case Application', 'content by key'),
  ...row('acceptance', 'mutation', 'submitApplication correctApplication withdrawApplication', 'handing in'),
  ...row('acceptance', 'query', 'drafts', 'handing in'),
  ...row('acceptance', 'mutation', 'saveDraft submitDraft discardDraft prepareUpload', 'handing in'),
  ...row('acceptance', 'mutation', 'acceptApplication giveNotice refuseAcceptance', 'accepting'),
  ...row('acceptance', 'query', 'publicResults withheldItems verifyCertificate', 'known to anybody'),
  ...row('acceptance', 'mutation', 'withholdResults publishResults', 'deciding on publicity'),
  ...row('acceptance', 'mutation', 'sealDossier handOverDossier', 'archiving'),
  ...row('acceptance', 'query', 'verifyDossier', 'verifying dossiers'),
  ...row('acceptance', 'query', 'inbox inboxCounts', 'anybody signed in'),
  ...row('acceptance', 'subscription', 'inboxChanged', 'anybody signed in'),
  ...row('acceptance', 'query', 'calendarYears', 'known to anybody'),
  ...row('acceptance', 'mutation', 'loadHolidayNotice', 'keeping the directory'),
  ...row('acceptance', 'query', 'ledgerEventPage', 'between services'),
  ...row('acceptance', 'subscription', 'ledgerEvents', 'between services'),

  ...row('departments', 'entity', 'Case', 'handling by key'),
  ...row('departments', 'entity', 'ServiceItem', 'known to anybody'),
  ...row(
    'departments',
    'mutation',
    'startStep finishStep startSpecialProcedure finishSpecialProcedure extendLimit decide issueCertificate deliverResult',
    'handling',
  ),
  ...row('departments', 'mutation', 'receiveCase', 'between services'),
  ...row('departments', 'query', 'departmentItems caseEventPage', 'between services'),
  ...row('departments', 'subscription', 'caseEvents', 'between services'),
  ...row('drug', 'mutation', 'drugRecordSiteInspection', 'handling'),
  ...row('housing', 'mutation', 'housingVerifyPersonnel', 'handling'),
  ...row('transport', 'mutation', 'transportCheckBridge', 'handling'),

  ...row('catalog', 'query', 'serviceItem serviceItems', 'known to anybody'),
  ...row('catalog', 'entity', 'ServiceItem', 'known to anybody'),
  ...row('catalog', 'query', 'catalogueProblems', 'keeping the directory'),
  ...row('catalog', 'mutation', 'refreshCatalogue', 'keeping the directory'),
  ...row('catalog', 'subscription', 'itemEvents catalogueProblemEvents', 'between services'),

  ...row('supervision', 'query', 'alert alerts alertCounts caseAlertsCursor caseFigures', 'supervising'),
  ...row('supervision', 'subscription', 'caseAlerts', 'supervising'),
  ...row('supervision', 'entity', 'Case', 'supervised by key'),
  ...row('supervision', 'mutation', 'acknowledgeAlert issueCorrectionOrder closeCorrectionOrder closeAlert', 'ordering corrections'),
  ...row('supervision', 'mutation', 'escalateAlert', 'passing on to the Bureau'),
  ...row('supervision', 'mutation', 'replyToCorrectionOrder', 'answering orders'),

  ...row('registry', 'query', 'department departments', 'known to anybody'),
  ...row('registry', 'entity', 'Department', 'known to anybody'),
  ...row('registry', 'query', 'memberUsage publication supergraphVersion supergraphVersions', 'members of the platform'),
  ...row('registry', 'mutation', 'publishDepartment updateDepartment registerDepartment', 'answering for a department'),
  ...row('registry', 'mutation', 'rollbackSupergraph', 'running the platform'),
  ...row('registry', 'query', 'supergraph', 'between services'),
  ...row('registry', 'mutation', 'registerPlatform reportUsage', 'between services'),
  ...row('registry', 'subscription', 'departmentEvents', 'between services'),
];
