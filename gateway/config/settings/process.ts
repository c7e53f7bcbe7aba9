import type { TraceSettings } from '../../../subgraphs/kit/traces/traces.js';
import { httpUrl, oneOf, share, text, whole } from '../forms.js';
import { ROLES, SUBGRAPHS, setting, type ValuesOf } from '../setting.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** What every process has. */
export const PROCESS = {
  NODE_ENV: setting(text.optional(), {
    en: '`production`: nothing is made up that an operator should have set, and less is told to clients who guess',
    zh: '`production`:凡应由运维设置者一概不自动生成,对猜测的客户端少说',
    usedBy: ROLES,
  }),
  LOG_LEVEL: setting(oneOf(LOG_LEVELS).default('info'), {
    en: `how much is logged: ${LOG_LEVELS.join(', ')}; \`npm start\` begins with \`warn\``,
    zh: `日志级别:${LOG_LEVELS.join('、')};\`npm start\` 默认为 \`warn\``,
    usedBy: ROLES,
  }),
  METRICS_TOKEN: setting(text.optional(), {
    en: 'who sends it as a bearer token may read `/metrics`; without it, whoever asks directly from a private address',
    zh: '以 bearer 令牌携带者方可读取 `/metrics`;未设时,仅限从内网地址直接访问者',
    usedBy: ['gateway', ...SUBGRAPHS],
    secret: 'value',
  }),
  DRAIN_DELAY_MS: setting(whole(0, 60_000, 1_000), {
    en: 'milliseconds for which a part that is told to stop still answers, says at `/health/ready` that it is not ready, and asks callers to go elsewhere; then it takes no new connections and answers on those it has for as long again, at most a second',
    zh: '收到停止信号后仍继续应答的毫秒数:其间 `/health/ready` 答未就绪,并请调用方改连其他实例;此后不再接受新连接,对已有连接再应答同样长的时间,至多一秒',
    usedBy: ['gateway', ...SUBGRAPHS],
  }),
  MAX_EVENT_LOOP_LAG_MS: setting(whole(0, 60_000, 2_000), {
    en: 'milliseconds by which the event loop may lag, smoothed over a second, before new requests are answered `503` (`OVERLOADED`), until it is half of that; 0: any',
    zh: '事件循环滞后(按一秒平滑)超过该毫秒数时,新请求以 `503`(`OVERLOADED`)回绝,直至降到其一半;0 为不限',
    usedBy: ['gateway', ...SUBGRAPHS],
  }),
  MAX_REQUESTS_IN_FLIGHT: setting(whole(0, 1_000_000, 2_000), {
    en: 'requests that may be under way at once before new ones are answered so, until a fifth of them has ended; subscriptions and health checks are not counted; 0: any number',
    zh: '同时处理的请求数达到该值时同样回绝新请求,直至减少五分之一;订阅与健康检查不计;0 为不限',
    usedBy: ['gateway', ...SUBGRAPHS],
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(httpUrl.optional(), {
    en: 'the address of an OpenTelemetry collector (OTLP over HTTP, JSON) that traces are sent to, without `/v1/traces`; without it nothing is recorded',
    zh: '接收链路追踪的 OpenTelemetry 采集器地址(OTLP/HTTP、JSON),不含 `/v1/traces`;未设则不记录',
    usedBy: ['gateway', ...SUBGRAPHS],
  }),
  OTEL_TRACES_SAMPLER_ARG: setting(share(1), {
    en: 'the share of requests that are traced, 0 to 1; one that comes with a `traceparent` goes by what that says',
    zh: '被追踪请求的比例,0 到 1;带 `traceparent` 的请求以其所述为准',
    usedBy: ['gateway', ...SUBGRAPHS],
  }),
  DATA_DIR: setting(text.default('data'), {
    en: 'the folder of keys, embedded stores, files, and the last good graph of a gateway',
    zh: '存放密钥、内嵌存储、文件和网关最近一份可用图的目录',
    usedBy: ROLES,
  }),
};

export function traceSettings(values: ValuesOf<typeof PROCESS>): TraceSettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = values;
  return endpoint === undefined ? undefined : { endpoint, ratio };
}
