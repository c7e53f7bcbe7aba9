/** What one error code means, for the person who meets it. */
export interface CatalogueEntry {
  zh: string;
  en: string;
  /** What to do about it. */
  remedy: string;
}

/**
 * Every `extensions.code` this project answers with, in alphabetical order. Codes are a promise to clients: they are
 * added, never renamed. The READMEs print this table and a test compares them.
 */
export const CATALOGUE = {
  ALERT_MOVE_NOT_ALLOWED: {
    zh: '预警当前状态不允许该操作',
    en: 'The alert is in a state in which this can not be done.',
    remedy: 'Read the alert again; `extensions.allowedIn` names the states in which it can.',
  },
  ALERT_NOT_FOUND: {
    zh: '预警不存在或无权查看',
    en: 'No such alert, or none that you may see.',
    remedy: 'Check the id, and whose identity you use.',
  },
  ALREADY_EXTENDED: {
    zh: '期限已延长过一次',
    en: 'The limit of this case was extended before; the law allows it once.',
    remedy: 'Decide within the extended limit.',
  },
  APPLICATION_AWAITS_CORRECTION: {
    zh: '申请待补正',
    en: 'The applicant was told what to correct and has not answered yet.',
    remedy: 'Wait for the corrections; then accept.',
  },
  APPLICATION_DECIDED: {
    zh: '申请已有结论',
    en: 'The application was accepted, refused or withdrawn before.',
    remedy: 'Read it; `extensions.state` says what became of it.',
  },
  APPLICATION_NOT_AWAITING_CORRECTION: {
    zh: '申请无需补正',
    en: 'No notice of the application is open, so there is nothing to correct.',
    remedy: 'Read the application.',
  },
  APPLICATION_NOT_FOUND: {
    zh: '申请不存在或无权查看',
    en: 'No such application, or none that you may see.',
    remedy: 'Check the id, and whose identity you use.',
  },
  BAD_REQUEST: {
    zh: '请求格式不正确',
    en: 'The HTTP request is not a GraphQL request.',
    remedy: 'Send JSON with a `query` as the message says.',
  },
  BAD_USER_INPUT: {
    zh: '输入不正确',
    en: 'An argument or variable is not what the schema asks for.',
    remedy: 'Correct the value that the message names.',
  },
  BREAKING_CHANGE_IN_USE: {
    zh: '移除了客户端正在使用的内容',
    en: 'What a department publishes takes away what clients used lately.',
    remedy: 'Keep it until the clients named have moved, or publish with an override that says why.',
  },
  CALENDAR_NOT_COVERED: {
    zh: '该年度的放假通知尚未载入',
    en: 'No official calendar covers a day that is needed, and a working day is never guessed.',
    remedy: 'Load the official holiday notice of the year named (CALENDAR_NOTICES).',
  },
  CASE_ALREADY_DECIDED: { zh: '办件已有决定', en: 'The case is decided; its steps are closed.', remedy: 'Read the decision.' },
  CASE_NOT_CLOSED: {
    zh: '办件尚未办结',
    en: 'The case is not closed yet, so it has no dossier.',
    remedy: 'Deliver its result first.',
  },
  CASE_NOT_DECIDED: { zh: '办件尚未批准', en: 'The case has no approving decision yet.', remedy: 'Decide first.' },
  CASE_NOT_FOUND: {
    zh: '办件不存在或无权查看',
    en: 'No such case in that department, or none that you may see.',
    remedy: 'Check the number, the department, and whose identity you use.',
  },
  CERTIFICATE_ALREADY_ISSUED: {
    zh: '证照已制发',
    en: 'The certificate of the case was issued before.',
    remedy: 'Read `decision.certificate`; deliver it next.',
  },
  COMPOSITION_FAILED: {
    zh: '图谱合成失败',
    en: 'The subgraphs do not compose to one graph.',
    remedy: 'Mend what each problem names; the graph in force is unchanged.',
  },
  CONFIGURATION_INVALID: {
    zh: '配置不正确',
    en: 'A setting is missing, unknown or out of range.',
    remedy: 'Correct every setting listed.',
  },
  CONFLICT: {
    zh: '数据已被他人更改',
    en: 'What you change was changed by somebody else since you read it.',
    remedy: 'Read it again, then decide.',
  },
  CONTRACT_VIOLATION: {
    zh: '不符合部门契约',
    en: 'A department does not keep the department contract.',
    remedy: 'Mend the member that the problem names.',
  },
  COST_LIMIT_EXCEEDED: {
    zh: '操作成本超过上限',
    en: 'The operation may cost more than the gateway spends on one; nothing was executed.',
    remedy: 'Ask for shorter lists or fewer fields; `extensions` has the estimate and the limit.',
  },
  CORRECTION_INCOMPLETE: {
    zh: '补正内容不全',
    en: 'The correction leaves out things that the notice asks for.',
    remedy: 'Correct everything in `extensions.missing`, at once.',
  },
  CURSOR_AHEAD: {
    zh: '游标超前于事件流',
    en: 'The cursor lies ahead of the feed, so the feed lost events (a restore from backup).',
    remedy: 'Stop and compare both stores before going on.',
  },
  CURSOR_EXPIRED: {
    zh: '游标之后的事件已不再保留',
    en: 'Events after the cursor are no longer kept: some can not be had any more.',
    remedy: 'Read the present state, then go on after the cursor in `extensions.oldest`.',
  },
  CURSOR_FOREIGN: {
    zh: '游标属于另一事件流',
    en: 'The cursor was given by another feed.',
    remedy: 'Use a cursor this feed gave, or none.',
  },
  CURSOR_INVALID: { zh: '游标无法识别', en: 'This is no cursor.', remedy: 'Use a cursor exactly as the feed gave it, or none.' },
  DEADLINE_EXCEEDED: {
    zh: '请求已超时',
    en: 'The time that the whole request may take was over, so that this was not begun any more.',
    remedy: 'Ask for less at once, or again later; a mutation that had begun went on to its end.',
  },
  DEPARTMENT_UNAVAILABLE: {
    zh: '部门系统暂不可用',
    en: 'A department did not answer in time; only its own fields are missing.',
    remedy: 'Use the rest, ask again later; nothing needs a restart.',
  },
  DOCUMENT_NOT_TRUSTED: {
    zh: '仅执行已登记的文档',
    en: 'This gateway runs registered documents only, and this one is not among them.',
    remedy: 'Have the document registered with the client that uses it, and send its id.',
  },
  DOSSIER_HANDED_OVER: {
    zh: '档案已移交',
    en: 'The dossier was handed over before; that record stands.',
    remedy: 'Read `dossier`.',
  },
  DOSSIER_NOT_SEALED: {
    zh: '档案尚未封存',
    en: 'The dossier of the case is not sealed yet.',
    remedy: 'Seal it, or wait until it is.',
  },
  DOWNSTREAM_SERVICE_ERROR: {
    zh: '子系统报告错误',
    en: 'A subgraph reported an error without a code of its own.',
    remedy: 'Ask the operator of the subgraph that `extensions` names.',
  },
  DRAFT_NOT_FOUND: {
    zh: '草稿不存在',
    en: "No such draft, or it is somebody else's.",
    remedy: 'Read `drafts`.',
  },
  DRAINING: { zh: '服务正在停止', en: 'This instance is stopping.', remedy: 'Connect again; another instance answers.' },
  DUPLICATE_PAPER: {
    zh: '不得要求重复提交纸质材料',
    en: 'A material that is shared, or may be handed in electronically, must not be asked for on paper (Art. 19).',
    remedy: 'Get it from the shared source, or ask for the electronic file.',
  },
  ENDPOINT_CHECK_FAILED: {
    zh: '部门端点不符合契约',
    en: 'The running endpoint of a department does not answer what the contract asks for.',
    remedy: 'Mend what each problem names; `npx acceptance department check --url` shows it.',
  },
  ENDPOINT_UNREACHABLE: {
    zh: '部门端点无法访问',
    en: 'The registry can not reach the endpoint that a department publishes.',
    remedy: 'Start it, and give the address under which the platform reaches it.',
  },
  FORBIDDEN: { zh: '无权进行该操作', en: 'Your roles do not allow this.', remedy: 'Use an identity with the role that the message names.' },
  FORCED_ONLINE: {
    zh: '不得强制网上办理',
    en: 'An application at a window or by post must not be refused for not being online (Art. 19).',
    remedy: 'Accept it, or give a reason that the law knows.',
  },
  FORM_FIELD_MISSING: {
    zh: '申请表缺少必填项',
    en: 'Entries that the application form requires are missing or empty.',
    remedy: 'Fill in every entry in `extensions.missing`.',
  },
  FORM_FIELD_UNKNOWN: {
    zh: '申请表无此项',
    en: 'An entry is not on the application form of the item.',
    remedy: 'Fill in only what the guide asks.',
  },
  GATEWAY_NOT_READY: { zh: '网关尚未就绪', en: 'The gateway has no schema yet.', remedy: 'Wait for /health/ready.' },
  GRAPHQL_PARSE_FAILED: { zh: '查询语法错误', en: 'The document is not GraphQL.', remedy: 'Mend the syntax at the place named.' },
  GRAPHQL_VALIDATION_FAILED: {
    zh: '查询不符合图谱',
    en: 'The operation does not fit the schema.',
    remedy: 'Mend the field, argument or type named.',
  },
  IDENTITY_UNAVAILABLE: {
    zh: '身份服务暂不可用',
    en: "Tokens can't be checked now: whoever issues them does not answer.",
    remedy: 'Keep the token and come again after the seconds of Retry-After.',
  },
  INTERNAL_SERVER_ERROR: { zh: '系统内部错误', en: 'A fault of ours.', remedy: 'Report the request id; the logs have the cause.' },
  INTERNAL_TOKEN_REJECTED: {
    zh: '内部令牌无效',
    en: 'A subgraph answers the gateway and the platform only.',
    remedy: 'Ask the gateway instead; operators: check keys, audience and clocks.',
  },
  INVALID_CREDIT_CODE: {
    zh: '统一社会信用代码不正确',
    en: 'The unified social credit code has a wrong length, alphabet or check character (GB 32100).',
    remedy: 'Read the 18 characters from the licence again.',
  },
  INVALID_GRAPHQL: {
    zh: '子系统数据不符合图谱',
    en: 'A subgraph answered with a value that the schema does not allow.',
    remedy: 'Ask the operator of the subgraph; the rest of the answer is good.',
  },
  INVALID_ID_NUMBER: {
    zh: '居民身份证号码不正确',
    en: 'The resident identity number has a wrong length, region, date or check digit (GB 11643).',
    remedy: 'Read the 18 characters from the card again.',
  },
  ITEM_RETIRED: { zh: '事项已取消', en: 'The item is no longer offered.', remedy: 'Search the catalogue for its successor.' },
  LINK_INVALID: {
    zh: '链接无效或已过期',
    en: 'The link to a file has expired, or was never given out.',
    remedy: 'Ask the graph for a new one.',
  },
  MATERIAL_MISSING: {
    zh: '缺少必要材料',
    en: 'Materials that the guide requires are missing.',
    remedy: 'Hand in every material in `extensions.missing`.',
  },
  MATERIAL_UNKNOWN: {
    zh: '材料不在指南之列',
    en: 'A material is not in the guide of the item.',
    remedy: 'Hand in only what the guide lists.',
  },
  MOVE_NOT_ALLOWED: {
    zh: '事项流程不允许该操作',
    en: 'The flow of the item does not allow this move where the case stands, or not to this officer.',
    remedy: 'Do one of the moves in `extensions.allowed`.',
  },
  NOTICE_INCOMPLETE: {
    zh: '一次性告知不完整',
    en: 'The notice leaves out things that are known to be missing (Art. 17).',
    remedy: 'Add what is in `extensions.missing`.',
  },
  NOT_FOUND: { zh: '未找到', en: 'Nothing is there, or nothing that you may see.', remedy: 'Check the id or the address.' },
  OPERATION_RESOLUTION_FAILURE: {
    zh: '无法确定要执行的操作',
    en: 'The document has several operations and none was named, or the name is not in it.',
    remedy: 'Name one with `operationName`.',
  },
  OPERATION_TOO_LARGE: {
    zh: '操作过大或嵌套过深',
    en: 'The operation, its variables or its batch have more of something than the gateway takes.',
    remedy: 'Ask in several smaller operations; `extensions.of` says of what there is too much, `extensions.limit` how much there may be.',
  },
  ORIGIN_NOT_ALLOWED: {
    zh: '不接受该来源的网页请求',
    en: 'A web page of another origin asked, and that origin is not allowed to.',
    remedy: 'Operators: add the origin to GATEWAY_CORS_ORIGINS if its pages may ask.',
  },
  OUTCOME_UNKNOWN: {
    zh: '变更结果未知',
    en: 'The store broke off while it took the change in: it is made, or it is not.',
    remedy: 'Read whether it was made before you repeat it.',
  },
  OVERLOADED: {
    zh: '服务繁忙',
    en: 'More is asked of this instance than it can answer in time. Nothing was done for the request.',
    remedy: 'Come again after the seconds of `extensions.retryAfter` (and the header Retry-After), or ask another instance.',
  },
  PAYLOAD_TOO_LARGE: { zh: '请求过大', en: 'The request is larger than allowed.', remedy: 'Send less; `extensions.limit` says how much.' },
  PERSISTED_QUERY_NOT_FOUND: {
    zh: '未登记的持久化查询',
    en: 'No query is stored under that hash.',
    remedy: 'Send the query with its hash once.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: { zh: '不支持持久化查询', en: 'Persisted queries are off here.', remedy: 'Send the query.' },
  PUBLICATION_ROLLED_BACK: {
    zh: '该发布已被回退',
    en: 'The department left the graph by a rollback, and starts with what was rolled back.',
    remedy: 'Publish it (`department publish`) if it is to come back.',
  },
  RATE_LIMITED: {
    zh: '请求过于频繁',
    en: 'This identity or address asks more often than it may.',
    remedy: 'Wait as many seconds as `extensions.retryAfter` (and the header Retry-After) says.',
  },
  REASONS_REQUIRED: {
    zh: '不予批准须说明理由',
    en: 'A refusal needs written reasons (Art. 22).',
    remedy: 'Give `reasons`.',
  },
  REQUEST_CANCELLED: {
    zh: '请求方已离开',
    en: 'Whoever asked has left, so that this was not begun any more.',
    remedy: 'Ask again, and wait for the answer; a mutation that had begun went on to its end.',
  },
  RESULT_ALREADY_DELIVERED: {
    zh: '结果已送达',
    en: 'The result of the case was delivered before.',
    remedy: 'Read `delivery`.',
  },
  REVIEW_RULE_NOT_IN_FORCE: {
    zh: '审查细则版本无效',
    en: 'The decision cites a version of the review rules that is not in force for the item (Art. 12).',
    remedy: 'Cite the version in `extensions.inForce`.',
  },
  SIGNATURE_REJECTED: {
    zh: '请求签名无效',
    en: 'The signature of the request is not valid here: altered, too old, used before, for another recipient, or by an unknown key.',
    remedy: 'Sign each request anew; operators: compare clocks, and exchange public keys.',
  },
  SIGNATURE_REQUIRED: {
    zh: '请求须经签名',
    en: 'Between the platform and departments this mutation is taken with a signature only.',
    remedy: 'Sign it as the exchange page describes.',
  },
  SPECIAL_PROCEDURE_NOT_RUNNING: { zh: '特别程序未在进行', en: 'No special procedure of that kind is running.', remedy: 'Read the case.' },
  SPECIAL_PROCEDURE_RUNNING: {
    zh: '特别程序正在进行',
    en: 'A special procedure is running; the case stands still.',
    remedy: 'Finish it first.',
  },
  STARTED_WITHOUT_NPM: {
    zh: '请通过 npm 启动',
    en: 'This Node is too old; npm brings the right one along.',
    remedy: 'Start with `npm start` or `npx acceptance`.',
  },
  STEP_ALREADY_STARTED: { zh: '环节已开始', en: 'The step was started before.', remedy: 'Read the case.' },
  STEP_HAS_OWN_MOVE: {
    zh: '该环节由专门操作完成',
    en: 'The decision, certificate and delivery steps are made in one go by a mutation of their own.',
    remedy: 'Use the mutation in `extensions.move`.',
  },
  STEP_NOT_STARTED: { zh: '环节未开始或已完成', en: 'The step is not running.', remedy: 'Start it first, or read the case.' },
  STEP_OUT_OF_ORDER: { zh: '环节次序不符', en: 'Another step comes first in the approval flow.', remedy: 'Do `extensions.next` first.' },
  STEP_UNKNOWN: { zh: '无此环节', en: 'The approval flow of the item has no such step.', remedy: 'Use a code from `approvalFlow`.' },
  STORE_COPY_DIFFERS: {
    zh: '存储副本与原件不一致',
    en: 'A copy of a store is not the same as its source, or does not take one of its rows.',
    remedy: 'Nothing starts on such a copy. Mend what the message names, then copy with `--again`.',
  },
  STORE_IN_USE: {
    zh: '存储正在使用',
    en: 'Something works on the store, which must be at rest for what was asked.',
    remedy: 'Stop every instance that works on it, then try again.',
  },
  STORE_NOT_EMPTY: {
    zh: '目标存储不为空',
    en: 'The store that was to be filled has rows already; nothing of it was changed.',
    remedy: 'Name an empty one, or one that does not exist yet.',
  },
  STORE_NOT_WRITABLE: {
    zh: '存储暂不可写',
    en: 'The store is read-only or full; nothing was changed.',
    remedy: 'Try again later; whoever runs it makes room or lifts the restriction. Nothing needs a restart.',
  },
  STORE_UNAVAILABLE: {
    zh: '存储暂不可用',
    en: 'The store of a service does not answer.',
    remedy: 'Try again later; nothing needs a restart.',
  },
  STORE_UNFINISHED: {
    zh: '存储副本未完成',
    en: 'The store is a copy that was broken off, or is still being made; it has a part of what it should have.',
    remedy: 'Wait for its end, or make it anew with `--again`. No subgraph starts on it.',
  },
  STORE_VERSION: {
    zh: '存储版本不一致',
    en: 'The store was migrated by another version, or is of another subgraph.',
    remedy: 'Start its subgraph once with this version, or use the version that wrote it.',
  },
  SUBGRAPH_UNAVAILABLE: { zh: '平台子系统暂不可用', en: 'A part of the platform did not answer in time.', remedy: 'Ask again later.' },
  SUBSCRIPTION_SCHEMA_RELOAD: {
    zh: '图谱已更新,订阅不再有效',
    en: 'The schema changed and the subscription is no longer valid in it.',
    remedy: 'Subscribe again with an operation that fits the schema.',
  },
  SUBSCRIPTION_TOO_SLOW: {
    zh: '客户端接收过慢',
    en: 'The client reads more slowly than events come, and its queue is full.',
    remedy: 'Subscribe again with the last cursor; nothing is lost.',
  },
  SUBSCRIPTION_UPSTREAM_LOST: {
    zh: '上游事件流中断',
    en: 'The source of the events was lost.',
    remedy: 'Subscribe again with the last cursor; nothing is lost.',
  },
  TOO_MANY_CONNECTIONS: {
    zh: '连接数超过上限',
    en: 'This identity holds as many live connections as it may.',
    remedy: 'Close one of them, or put several subscriptions on one connection.',
  },
  TOO_MANY_DRAFTS: {
    zh: '草稿过多',
    en: 'As many drafts are kept as one person may have.',
    remedy: 'Hand one in or throw one away.',
  },
  TOO_MANY_SUBSCRIPTIONS: {
    zh: '单个连接的订阅数超过上限',
    en: 'This connection carries as many operations as it may.',
    remedy: 'Unsubscribe from one of them, or open another connection.',
  },
  UNAUTHENTICATED: {
    zh: '未登录或令牌无效',
    en: 'An identity is needed, or the token is not valid.',
    remedy: 'Send a valid bearer token.',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    zh: '无权读取该字段或类型',
    en: 'Your identity may not read what the path names; it was not fetched.',
    remedy: 'Leave it out, or use an identity with the scopes it asks for.',
  },
  UNKNOWN_DEPARTMENT: { zh: '无此部门', en: 'No department has that code.', remedy: 'Use a code from `departments`.' },
  UNKNOWN_ITEM: { zh: '无此事项', en: 'The department offers no such item.', remedy: 'Use a code from `serviceItems`.' },
  UPLOAD_INCOMPLETE: {
    zh: '文件尚未上传完成',
    en: 'The file that a material names has not arrived, or was turned down.',
    remedy: 'Send it to the address that `prepareUpload` gave.',
  },
  UPLOAD_NOT_FOUND: {
    zh: '上传不存在',
    en: 'No such upload of yours that is still free.',
    remedy: 'Prepare an upload and send the file.',
  },
  UPLOAD_REJECTED: {
    zh: '文件未被接收',
    en: 'The file is not what was announced, of a kind that is not taken, or the virus scanner turned it down.',
    remedy: 'Read `fault` and the message; prepare a new upload.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;
