import { HOUR, MEBIBYTE, MINUTE, oneOf, whole } from '../forms.js';
import { type Setting, setting, type ValuesOf } from '../setting.js';

const OF_GATEWAY: Pick<Setting, 'usedBy'> = { usedBy: ['gateway'] };

/** How live subscriptions behave. */
export const SUBSCRIPTIONS = {
  GATEWAY_SUBSCRIPTION_QUEUE: setting(whole(1, 100_000, 256), {
    ...OF_GATEWAY,
    en: 'events that may wait for one subscription of a slow client, before it is closed and has to resume',
    zh: '慢客户端的一个订阅可积压的事件数;超出则关闭,由其续传',
  }),
  GATEWAY_SUBSCRIPTION_QUEUE_BYTES: setting(whole(1_024, 64 * MEBIBYTE, MEBIBYTE), {
    ...OF_GATEWAY,
    en: 'the same in bytes; stored events are given at the pace of the reader, and who reads nothing for ten seconds is closed',
    zh: '可积压的字节数;已存事件按读取方的速度发送,十秒内毫无读取者被关闭',
  }),
  GATEWAY_SUBSCRIPTION_RESUME_MS: setting(whole(0, HOUR, MINUTE), {
    ...OF_GATEWAY,
    en: 'milliseconds for which a lost source of events is sought before clients are told',
    zh: '事件源丢失后寻找多久再告知客户端(毫秒)',
  }),
  GATEWAY_SUBSCRIPTION_ON_LOSS: setting(oneOf(['end', 'status']).default('end'), {
    ...OF_GATEWAY,
    en: '`end`: clients are then ended; `status`: they are told, and it is sought on',
    zh: '`end`:届时结束订阅;`status`:告知并继续寻找',
  }),
  GATEWAY_SUBSCRIPTION_KEEP_ALIVE_MS: setting(whole(100, 10 * MINUTE, 12_000), {
    ...OF_GATEWAY,
    en: 'milliseconds between heartbeats; less than proxies close idle connections after',
    zh: '心跳间隔(毫秒);应短于代理关闭空闲连接的时间',
  }),
  GATEWAY_SUBSCRIPTION_INIT_TIMEOUT_MS: setting(whole(0, 10 * MINUTE, 10_000), {
    ...OF_GATEWAY,
    en: 'milliseconds in which a socket has to say who it is; 0: no limit',
    zh: '套接字须在多久内表明身份(毫秒);0 为不限',
  }),
  GATEWAY_SUBSCRIPTION_IDLE_MS: setting(whole(0, 24 * HOUR, 10 * MINUTE), {
    ...OF_GATEWAY,
    en: 'milliseconds for which a socket may have nothing to do; 0: no limit',
    zh: '套接字可空闲多久(毫秒);0 为不限',
  }),
  GATEWAY_SUBSCRIPTION_LIFETIME_MS: setting(whole(0, 24 * HOUR, 0), {
    ...OF_GATEWAY,
    en: 'milliseconds that a live connection lasts at most; 0: no limit',
    zh: '连接最长持续多久(毫秒);0 为不限',
  }),
  GATEWAY_SUBSCRIPTIONS_PER_CONNECTION: setting(whole(0, 10_000, 100), {
    ...OF_GATEWAY,
    en: 'subscriptions of one socket; 0: any number',
    zh: '单个套接字的订阅数;0 为不限',
  }),
  GATEWAY_CONNECTIONS_PER_IDENTITY: setting(whole(0, 1_000_000, 200), {
    ...OF_GATEWAY,
    en: 'live connections of one caller; 0: any number',
    zh: '单个身份的连接数;0 为不限',
  }),
  GATEWAY_SOCKET_MESSAGES: setting(whole(0, 1_000_000, 100), {
    ...OF_GATEWAY,
    en: 'messages a second of one socket; 0: any number',
    zh: '单个套接字每秒的消息数;0 为不限',
  }),
};

export interface LiveSettings {
  readonly queueLimit: number;
  readonly queueBytes: number;
  readonly resumeForMs: number;
  readonly onLoss: 'end' | 'status';
  readonly keepAliveMs: number;
  readonly connectionsPerIdentity: number;
  readonly subscriptionsPerConnection: number;
  readonly messagesPerSecond: number;
  readonly initTimeoutMs: number;
  readonly idleMs: number;
  readonly lifetimeMs: number;
}

export function liveSettings(values: ValuesOf<typeof SUBSCRIPTIONS>): LiveSettings {
  return {
    queueLimit: values.GATEWAY_SUBSCRIPTION_QUEUE,
    queueBytes: values.GATEWAY_SUBSCRIPTION_QUEUE_BYTES,
    resumeForMs: values.GATEWAY_SUBSCRIPTION_RESUME_MS,
    onLoss: values.GATEWAY_SUBSCRIPTION_ON_LOSS,
    keepAliveMs: values.GATEWAY_SUBSCRIPTION_KEEP_ALIVE_MS,
    connectionsPerIdentity: values.GATEWAY_CONNECTIONS_PER_IDENTITY,
    subscriptionsPerConnection: values.GATEWAY_SUBSCRIPTIONS_PER_CONNECTION,
    messagesPerSecond: values.GATEWAY_SOCKET_MESSAGES,
    initTimeoutMs: values.GATEWAY_SUBSCRIPTION_INIT_TIMEOUT_MS,
    idleMs: values.GATEWAY_SUBSCRIPTION_IDLE_MS,
    lifetimeMs: values.GATEWAY_SUBSCRIPTION_LIFETIME_MS,
  };
}
