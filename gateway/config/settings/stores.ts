import { DEFAULT_LIMITS } from '../../../subgraphs/kit/store/store-limits.js';
import { HOUR, MINUTE, redisUrl, SECOND, storeUrl, whole } from '../forms.js';
import { ROLES, SUBGRAPHS, setting } from '../setting.js';

/** Databases, Redis, and how long feeds keep what they hold. */
export const STORES = {
  STORE_URL: setting(storeUrl.optional(), {
    en: '`memory:`, `file:DIRECTORY`, `mysql://user:password@host:port/prefix` or `mariadb://…`; each subgraph appends its name and migrates itself',
    zh: '`memory:`、`file:目录`、`mysql://user:password@host:port/prefix` 或 `mariadb://…`;各子图附加自己的名称并自行迁移',
    usedBy: ROLES,
    secret: 'address',
    otherwise: 'file:{DATA_DIR}',
  }),
  AUDIT_STORE_URL: setting(storeUrl.optional(), {
    en: 'where audits and the records of signed requests are kept, in the form of `STORE_URL`',
    zh: '审计记录和签名请求记录的存储,形式同 `STORE_URL`',
    usedBy: ROLES,
    secret: 'address',
    otherwise: '{STORE_URL}',
  }),
  STORE_POOL_MAX: setting(whole(2, 1_000, DEFAULT_LIMITS.poolMax), {
    en: 'connections of one instance to one MySQL or MariaDB store, at most; audits have as many of their own',
    zh: '一个实例到一个 MySQL 或 MariaDB 存储的最大连接数;审计存储另计',
    usedBy: SUBGRAPHS,
  }),
  STORE_CONNECT_TIMEOUT_MS: setting(whole(100, MINUTE, DEFAULT_LIMITS.connectTimeout), {
    en: 'how long a connection to such a store may take to be made',
    zh: '与上述存储建立连接的最长时间',
    usedBy: SUBGRAPHS,
  }),
  STORE_ACQUIRE_TIMEOUT_MS: setting(whole(100, MINUTE, DEFAULT_LIMITS.acquireTimeout), {
    en: 'how long is waited for a free one when all are in use; then `STORE_UNAVAILABLE`',
    zh: '连接全部占用时等待空闲连接的最长时间;超时答复 `STORE_UNAVAILABLE`',
    usedBy: SUBGRAPHS,
  }),
  STORE_QUERY_TIMEOUT_MS: setting(whole(6 * SECOND, HOUR, DEFAULT_LIMITS.queryTimeout), {
    en: 'how long one statement may take, waits for locks (5 s at most) included; then `STORE_UNAVAILABLE`',
    zh: '单条语句的最长时间,含等锁(至多 5 秒);超时答复 `STORE_UNAVAILABLE`',
    usedBy: SUBGRAPHS,
  }),
  REDIS_URL: setting(redisUrl.optional(), {
    en: 'shared wake-ups and rates between processes; losing it costs latency, never an event',
    zh: '进程间共享的唤醒与限速;失去它只增加延迟,不丢事件',
    usedBy: ['gateway', ...SUBGRAPHS],
    secret: 'address',
  }),
  FEED_RETENTION_DAYS: setting(whole(1, 36_500).optional(), {
    en: "days for which the ledger's and the departments' feeds keep events for those who resume; never less than an hour, and timelines of cases keep everything",
    zh: '台账与各部门事件流为续传者保留事件的天数;至少保留一小时,办件时间线始终完整',
    usedBy: ['acceptance', 'department'],
  }),
  FEED_RETENTION_EVENTS: setting(whole(1_000, 1_000_000_000).optional(), {
    en: 'how many events those feeds keep',
    zh: '上述事件流保留的事件条数',
    usedBy: ['acceptance', 'department'],
  }),
};
