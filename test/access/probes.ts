import type { KnownCase } from './province.js';

/** Of which cases an answer told, and the applicant's name as it told it. */
export interface Seen {
  readonly number: string;
  readonly name?: string | undefined;
}

/** How a field is asked for. Guards come first everywhere, so mutations are asked for what they refuse afterwards: nothing changes. */
export interface Probe {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** Which rows came; left out where there are none to tell apart. */
  readonly seen?: (data: Record<string, any>) => readonly (Seen | undefined)[];
  /** What it brings is the same for everybody: all of it or nothing. */
  readonly any?: (data: Record<string, any>) => boolean;
  /** Asked once for each case; a subscription. */
  readonly each?: (one: KnownCase) => Record<string, unknown>;
}

const APPLICANT = 'applicant { name idNumber phone } form { value } materials { url contentHash }';
const seenCase = (row: any): Seen | undefined => (row == null ? undefined : { number: row.number, name: row.applicant?.name });

export interface ProbeWorld {
  readonly a: KnownCase;
  readonly b: KnownCase;
  readonly itemCode: string;
  /** The department the row is about. */
  readonly home: string;
}

/** By `subgraph kind field [when]`. */
export function probesOf({ a, b, itemCode, home }: ProbeWorld): Record<string, Probe> {
  const byApplication = new Map([a, b].map((one) => [one.applicationId, one]));
  const seenApplication = (row: any): Seen | undefined =>
    row == null ? undefined : { number: byApplication.get(row.id)?.number ?? '?', name: row.applicant.name };
  const ofCase = `departmentCode: "${home}", caseNumber: "nothing"`;
  const move = (field: string, args: string): Record<string, Probe> => ({
    [`departments mutation ${field}`]: { query: `mutation { ${field}(${ofCase}, ${args}) { number } }` },
  });
  const input = (name: string, value: Record<string, unknown>) => ({
    query: `mutation ($input: ${name}!) { FIELD }`,
    variables: { input: value },
  });
  const mutation = (field: string, inputType: string, value: Record<string, unknown>, selection: string): Probe => {
    const { query, variables } = input(inputType, value);
    return { query: query.replace('FIELD', `${field}(input: $input) { ${selection} }`), variables };
  };
  const entities = (type: string, selection: string, of: object[]) => ({
    query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`,
    variables: { of: of.map((one) => ({ __typename: type, ...one })) },
  });
  const handedIn = {
    departmentCode: 'nowhere',
    itemCode: 'nothing',
    channel: 'ONLINE',
    applicant: { kind: 'NATURAL_PERSON', name: '演示', idNumber: a.idNumber, phone: '13800000000' },
    materials: [],
    form: [],
  };
  const caseKeys = [a, b].map(({ number, departmentCode }) => ({ number, departmentCode }));
  const address = { url: 'http://127.0.0.1:9/graphql', subscriptionUrl: 'ws://127.0.0.1:9/graphql', sdl: 'type Query { nothing: Int }' };
  return {
    'acceptance query case': {
      query: `query ($a: ID!, $b: ID!) { a: case(number: $a) { number ${APPLICANT} } b: case(number: $b) { number ${APPLICANT} } }`,
      variables: { a: a.number, b: b.number },
      seen: (data) => [seenCase(data['a']), seenCase(data['b'])],
    },
    'acceptance query cases': {
      query: `{ cases(first: 100) { totalCount nodes { number ${APPLICANT} } } }`,
      seen: ({ cases }) => counted(cases).map(seenCase),
    },
    'acceptance query cases filter.applicantIdNumber': {
      query: `query ($n: String) { cases(filter: { applicantIdNumber: $n }) { totalCount nodes { number ${APPLICANT} } } }`,
      variables: { n: a.idNumber },
      // the other case is of another number: whoever may ask sees the one it asks for
      seen: ({ cases }) => counted(cases).map(seenCase),
    },
    'acceptance query application': {
      query: `query ($a: ID!, $b: ID!) { a: application(id: $a) { id ${APPLICANT} } b: application(id: $b) { id ${APPLICANT} } }`,
      variables: { a: a.applicationId, b: b.applicationId },
      seen: (data) => [seenApplication(data['a']), seenApplication(data['b'])],
    },
    'acceptance query applications': {
      query: `{ applications(first: 100) { totalCount nodes { id ${APPLICANT} } } }`,
      seen: ({ applications }) => counted(applications).map(seenApplication),
    },
    'acceptance query caseProgressCursor': { query: '{ caseProgressCursor }' },
    'acceptance subscription caseProgress': {
      query: `subscription ($number: ID!) { caseProgress(caseNumber: $number) { case { number ${APPLICANT} } } }`,
      each: ({ number }) => ({ number }),
      seen: ({ caseProgress }) => [seenCase(caseProgress?.case)],
    },
    'acceptance entity Case': {
      ...entities('Case', `number ${APPLICANT}`, caseKeys),
      seen: ({ _entities }) => _entities.map(seenCase),
    },
    'acceptance entity Application': {
      ...entities('Application', `id ${APPLICANT}`, [{ id: a.applicationId }, { id: b.applicationId }]),
      seen: ({ _entities }) => _entities.map(seenApplication),
    },
    'acceptance mutation submitApplication': mutation('submitApplication', 'SubmitApplicationInput', handedIn, 'application { id }'),
    'acceptance mutation acceptApplication': mutation(
      'acceptApplication',
      'AcceptApplicationInput',
      { applicationId: 'nothing' },
      'case { number }',
    ),
    'acceptance mutation correctApplication': mutation(
      'correctApplication',
      'CorrectApplicationInput',
      { clientRequestId: 'probe', applicationId: 'nothing', materials: [], form: [{ name: 'x', value: 'x' }] },
      'application { id }',
    ),
    'acceptance mutation withdrawApplication': mutation(
      'withdrawApplication',
      'WithdrawApplicationInput',
      { applicationId: 'nothing' },
      'application { id }',
    ),
    'acceptance query drafts': { query: '{ drafts { id content } }' },
    'acceptance mutation saveDraft': mutation('saveDraft', 'SaveDraftInput', { id: 'nothing', content: handedIn }, 'draft { id }'),
    'acceptance mutation submitDraft': mutation('submitDraft', 'SubmitDraftInput', { id: 'nothing' }, 'application { id }'),
    'acceptance mutation discardDraft': mutation('discardDraft', 'DiscardDraftInput', { id: 'nothing' }, 'discarded'),
    'acceptance mutation prepareUpload': mutation(
      'prepareUpload',
      'PrepareUploadInput',
      { fileName: 'x.exe', mediaType: 'application/x-msdownload', size: 1 },
      'upload { id }',
    ),
    'acceptance mutation giveNotice': mutation(
      'giveNotice',
      'GiveNoticeInput',
      { clientRequestId: 'probe', applicationId: 'nothing', items: [{ materialCode: 'x', problem: 'x', remedy: 'x' }] },
      'application { id }',
    ),
    'acceptance mutation refuseAcceptance': mutation(
      'refuseAcceptance',
      'RefuseAcceptanceInput',
      { applicationId: 'nothing', reason: 'OTHER', explanation: 'x' },
      'application { id }',
    ),
    'acceptance query publicResults': {
      query: '{ publicResults { totalCount } }',
      any: ({ publicResults }) => typeof publicResults?.totalCount === 'number',
    },
    'acceptance query withheldItems': {
      query: '{ withheldItems { ground } }',
      any: ({ withheldItems }) => Array.isArray(withheldItems),
    },
    'acceptance query verifyCertificate': {
      query: '{ verifyCertificate(number: "nothing") { state } }',
      any: ({ verifyCertificate }) => verifyCertificate?.state === 'UNKNOWN',
    },
    'acceptance mutation withholdResults': mutation(
      'withholdResults',
      'WithholdResultsInput',
      { departmentCode: 'nowhere', itemCode: 'nothing', ground: 'STATE_SECRET', explanation: 'x' },
      'withheldItem { ground }',
    ),
    'acceptance mutation publishResults': mutation(
      'publishResults',
      'PublishResultsInput',
      { departmentCode: 'nowhere', itemCode: 'nothing' },
      'wasWithheld',
    ),
    'acceptance mutation sealDossier': mutation('sealDossier', 'SealDossierInput', { caseNumber: 'nothing' }, 'dossier { sealedAt }'),
    'acceptance mutation handOverDossier': mutation(
      'handOverDossier',
      'HandOverDossierInput',
      { caseNumber: 'nothing', receivedBy: 'x' },
      'dossier { sealedAt }',
    ),
    'acceptance query verifyDossier': {
      query: 'query ($number: ID!) { verifyDossier(caseNumber: $number) { valid } }',
      variables: { number: a.number },
    },
    'acceptance query inbox': { query: '{ inbox { totalCount } }' },
    'acceptance query inboxCounts': { query: '{ inboxCounts { total } }' },
    // live only, so that who may is told by the cursor being looked at
    'acceptance subscription inboxChanged': { query: 'subscription { inboxChanged(after: "none") { cursor } }' },
    'acceptance query calendarYears': { query: '{ calendarYears }', any: ({ calendarYears }) => calendarYears.length > 0 },
    'acceptance mutation loadHolidayNotice': mutation(
      'loadHolidayNotice',
      'HolidayNoticeInput',
      { year: 2027, source: '演示', holidays: ['2026-01-01'], workdays: [] },
      'year',
    ),
    'acceptance query ledgerEventPage': { query: '{ ledgerEventPage { id } }' },
    'acceptance subscription ledgerEvents': { query: 'subscription { ledgerEvents { id } }' },

    'departments entity Case': {
      ...entities('Case', 'number receivedAt steps { code handler opinion }', caseKeys),
      seen: ({ _entities }) => _entities.map(seenCase),
    },
    'departments entity ServiceItem': {
      ...entities('ServiceItem', 'code guide { fee }', [{ code: itemCode, departmentCode: home }]),
      any: ({ _entities }) => _entities[0]?.guide != null,
    },
    ...move('startStep', 'stepCode: "x"'),
    ...move('finishStep', 'stepCode: "x", opinion: "x"'),
    ...move('startSpecialProcedure', 'kind: HEARING, reason: "x"'),
    ...move('finishSpecialProcedure', 'kind: HEARING'),
    ...move('extendLimit', 'days: 1, reason: "x"'),
    ...move('decide', 'outcome: APPROVED, reviewRuleVersion: 1'),
    ...move('issueCertificate', 'electronic: true'),
    ...move('deliverResult', 'channel: COURIER'),
    'departments mutation receiveCase': {
      query: `mutation ($input: AcceptedCaseInput!) { receiveCase(departmentCode: "${home}", input: $input) { caseNumber } }`,
      variables: {
        input: {
          number: 'not a number',
          departmentCode: home,
          itemCode,
          acceptedAt: '2026-11-24T01:00:00Z',
          applicant: { kind: 'ENTERPRISE', name: '演示', idNumber: 'x' },
          materials: [],
          form: [],
          promisedDays: 1,
          statutoryDays: 1,
        },
      },
    },
    'departments query departmentItems': { query: `{ departmentItems(departmentCode: "${home}") { code } }` },
    'departments query caseEventPage': { query: `{ caseEventPage(departmentCode: "${home}") { id } }` },
    'departments subscription caseEvents': { query: `subscription { caseEvents(departmentCode: "${home}") { id } }` },
    'drug mutation drugRecordSiteInspection': {
      query:
        'mutation { drugRecordSiteInspection(caseNumber: "nothing", found: { inspectedOn: "2026-11-24", inspectors: 2, criticalDefects: 0, majorDefects: 0, minorDefects: 0 }) { visit } }',
    },
    'housing mutation housingVerifyPersonnel': {
      query: 'mutation { housingVerifyPersonnel(caseNumber: "nothing", post: "x", verified: 1) { post } }',
    },
    'transport mutation transportCheckBridge': {
      query: 'mutation { transportCheckBridge(caseNumber: "nothing", bridge: "x", passable: true) { bridge } }',
    },

    'catalog query serviceItem': {
      query: 'query ($code: ID!, $home: ID!) { serviceItem(code: $code, departmentCode: $home) { name } }',
      variables: { code: itemCode, home },
      any: ({ serviceItem }) => serviceItem != null,
    },
    'catalog query serviceItems': {
      query: '{ serviceItems { nodes { name } } }',
      any: ({ serviceItems }) => serviceItems.nodes.length > 0,
    },
    'catalog entity ServiceItem': {
      ...entities('ServiceItem', 'name', [{ code: itemCode, departmentCode: home }]),
      any: ({ _entities }) => _entities[0]?.name != null,
    },
    'catalog query catalogueProblems': { query: '{ catalogueProblems { nodes { __typename } } }' },
    'catalog mutation refreshCatalogue': mutation('refreshCatalogue', 'RefreshCatalogueInput', { departmentCode: 'nowhere' }, '__typename'),
    'catalog subscription itemEvents': { query: 'subscription { itemEvents { id } }' },
    'catalog subscription catalogueProblemEvents': { query: 'subscription { catalogueProblemEvents(after: "none") { id } }' },

    'supervision query alert': { query: '{ alert(id: "nothing") { id } }' },
    'supervision query alerts': { query: '{ alerts { totalCount } }' },
    'supervision query alertCounts': { query: '{ alertCounts { count } }' },
    'supervision query caseAlertsCursor': { query: '{ caseAlertsCursor }' },
    'supervision query caseFigures': {
      query: '{ caseFigures(input: { from: "2026-11-01", to: "2026-11-30" }) { total { accepted } } }',
    },
    // live only, so that who may is told by the cursor being looked at
    'supervision subscription caseAlerts': { query: 'subscription { caseAlerts(after: "none") { cursor } }' },
    'supervision entity Case': {
      ...entities('Case', 'number alerts { id }', caseKeys),
      // that there may be alerts is told of a case, or not
      seen: ({ _entities }) => _entities.map((row: any) => (row?.alerts == null ? undefined : { number: row.number })),
    },
    'supervision mutation acknowledgeAlert': mutation('acknowledgeAlert', 'AcknowledgeAlertInput', { id: 'x', version: 1 }, '__typename'),
    'supervision mutation issueCorrectionOrder': mutation(
      'issueCorrectionOrder',
      'IssueCorrectionOrderInput',
      { id: 'x', version: 1, demand: '演示' },
      '__typename',
    ),
    'supervision mutation replyToCorrectionOrder': mutation(
      'replyToCorrectionOrder',
      'ReplyToCorrectionOrderInput',
      { id: 'x', version: 1, reply: '演示' },
      '__typename',
    ),
    'supervision mutation closeCorrectionOrder': mutation(
      'closeCorrectionOrder',
      'CloseAlertInput',
      { id: 'x', version: 1, conclusion: '演示' },
      '__typename',
    ),
    'supervision mutation closeAlert': mutation('closeAlert', 'CloseAlertInput', { id: 'x', version: 1, conclusion: '演示' }, '__typename'),
    'supervision mutation escalateAlert': mutation(
      'escalateAlert',
      'EscalateAlertInput',
      { id: 'x', version: 1, reason: '演示' },
      '__typename',
    ),

    'registry query department': {
      query: 'query ($home: ID!) { department(code: $home) { name } }',
      variables: { home },
      any: ({ department }) => department != null,
    },
    'registry query departments': { query: '{ departments { name } }', any: ({ departments }) => departments.length > 0 },
    'registry entity Department': {
      ...entities('Department', 'name', [{ code: home }]),
      any: ({ _entities }) => _entities[0]?.name != null,
    },
    'registry query memberUsage': { query: '{ memberUsage(coordinates: ["Case.number"]) { coordinate } }' },
    'registry query publication': { query: '{ publication(number: 1) { number } }' },
    'registry query supergraphVersion': { query: '{ supergraphVersion { number } }' },
    'registry query supergraphVersions': { query: '{ supergraphVersions { nodes { number } } }' },
    'registry query supergraph': { query: '{ supergraph { version } }' },
    'registry mutation publishDepartment': mutation(
      'publishDepartment',
      'PublishDepartmentInput',
      { departmentCode: home, dryRun: true, ...address },
      'outcome',
    ),
    'registry mutation updateDepartment': mutation('updateDepartment', 'UpdateDepartmentInput', { departmentCode: home }, 'code'),
    'registry mutation registerDepartment': mutation(
      'registerDepartment',
      'RegisterDepartmentInput',
      { code: home, name: '演示', affiliation: 'PROVINCIAL', ...address },
      'departmentCode',
    ),
    'registry mutation registerPlatform': mutation('registerPlatform', 'RegisterPlatformInput', { name: 'Not A Name', ...address }, 'name'),
    'registry mutation rollbackSupergraph': mutation('rollbackSupergraph', 'RollbackSupergraphInput', { number: 99_999 }, '__typename'),
    'registry mutation reportUsage': { query: 'mutation { reportUsage(operations: []) { taken } }' },
    'registry subscription departmentEvents': { query: 'subscription { departmentEvents { id } }' },
  };
}

/** A count must not tell of rows that the list keeps back. */
function counted({ nodes, totalCount }: { nodes: any[]; totalCount: number }): any[] {
  if (nodes.length !== totalCount) throw new Error(`a list of ${nodes.length} rows says it has ${totalCount}`);
  return nodes;
}
