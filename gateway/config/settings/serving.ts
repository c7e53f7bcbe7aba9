import { flag, listOf, MEBIBYTE, MINUTE, text, whole } from '../forms.js';
import { type Setting, setting } from '../setting.js';

const OF_GATEWAY: Pick<Setting, 'usedBy'> = { usedBy: ['gateway'] };

/** Where a gateway listens, what graph it serves, and whom it answers. */
export const SERVING = {
  GATEWAY_HOST: setting(text.default('127.0.0.1'), {
    ...OF_GATEWAY,
    en: 'the address a gateway listens at; `0.0.0.0` in a container',
    zh: '网关监听的地址;容器中用 `0.0.0.0`',
  }),
  GATEWAY_PORT: setting(whole(0, 65_535, 4_000), {
    ...OF_GATEWAY,
    en: 'its port; 0 lets the system choose',
    zh: '网关的端口;0 由系统选择',
  }),
  GATEWAY_SUPERGRAPH: setting(text.optional(), {
    ...OF_GATEWAY,
    en: 'a file of a fixed supergraph; the registry is then not asked',
    zh: '固定超图的文件;不再询问登记',
  }),
  GATEWAY_REQUIRED_SUBGRAPHS: setting(listOf('names of subgraphs, with commas, or none', /^[a-z][\w-]*$/i).optional(), {
    ...OF_GATEWAY,
    en: 'without which `/health/ready` says no, with commas, or `none`; by default all of the platform, and none of a fixed supergraph',
    zh: '缺少它们时 `/health/ready` 为否,以逗号分隔,或 `none`;默认为平台的全部子图,固定超图时为无',
  }),
  GATEWAY_REGISTRY_POLL_MS: setting(whole(50, 10 * MINUTE, 1_000), {
    ...OF_GATEWAY,
    en: 'milliseconds between two questions for a new graph',
    zh: '查询新图的间隔(毫秒)',
  }),
  GATEWAY_USAGE_REPORT_MS: setting(whole(50, 10 * MINUTE, 10_000), {
    ...OF_GATEWAY,
    en: 'milliseconds between two reports of what clients use to the registry',
    zh: '向登记上报客户端使用情况的间隔(毫秒)',
  }),
  GATEWAY_BODY_LIMIT: setting(whole(1_024, 64 * MEBIBYTE, MEBIBYTE), {
    ...OF_GATEWAY,
    en: 'bytes of one request',
    zh: '每个请求的字节数',
  }),
  GATEWAY_REQUEST_TIMEOUT_MS: setting(whole(100, 10 * MINUTE, 30_000), {
    ...OF_GATEWAY,
    en: 'milliseconds that one request may take',
    zh: '每个请求的最长用时(毫秒)',
  }),
  GATEWAY_INTROSPECTION: setting(flag.optional(), {
    ...OF_GATEWAY,
    en: '`on`, `off`: whether clients may read the schema; by default not in production',
    zh: '`on`、`off`:客户端可否读取模式;生产环境默认不可',
  }),
  GATEWAY_LANDING_PAGE: setting(flag.optional(), {
    ...OF_GATEWAY,
    en: '`on`, `off`: whether `/` says how to ask; by default not in production',
    zh: '`on`、`off`:`/` 是否给出用法;生产环境默认不给',
  }),
  GATEWAY_CORS_ORIGINS: setting(
    listOf('origins such as https://portal.example, with commas, or *', /^(\*|https?:\/\/[^/\s]+)$/).default([]),
    {
      ...OF_GATEWAY,
      en: 'origins whose pages may ask, with commas',
      zh: '可以访问的网页来源,以逗号分隔',
    },
  ),
  GATEWAY_TRUSTED_PROXIES: setting(
    listOf('addresses or networks, with commas, e.g. 10.0.0.0/8', /^([\da-f.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/i).default([]),
    {
      ...OF_GATEWAY,
      en: "proxies whose word counts for clients' addresses, with commas, e.g. `10.0.0.0/8`",
      zh: '其所报客户端地址可信的代理,以逗号分隔,如 `10.0.0.0/8`',
    },
  ),
};
