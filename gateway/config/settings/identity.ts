import { z } from 'zod';
import { ALGORITHMS } from '../../security/client-identity.js';
import { flag, listOf, oneOf, text, whole } from '../forms.js';
import { type Setting, setting, type ValuesOf } from '../setting.js';

const OF_GATEWAY: Pick<Setting, 'usedBy'> = { usedBy: ['gateway'] };

const algorithms = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(z.array(z.enum(ALGORITHMS, `some of ${ALGORITHMS.join(', ')}, with commas`)));

/** Who clients are, and what they may see. */
export const IDENTITY = {
  GATEWAY_AUTH: setting(flag.default(true), {
    ...OF_GATEWAY,
    en: '`off`: everybody is anonymous and subgraphs get no token',
    zh: '`off`:人人匿名,子图不收到令牌',
  }),
  AUTH_JWKS_URL: setting(listOf('http:// or https:// addresses, with commas', /^https?:\/\/\S+$/).optional(), {
    ...OF_GATEWAY,
    en: 'where the public keys of those are who vouch for clients, with commas; without it the issuer of the demonstration vouches, never in production',
    zh: '为客户端身份作证者的公钥地址,以逗号分隔;未设时由演示签发者承担,生产环境不可',
  }),
  AUTH_ISSUER: setting(listOf('issuers, with commas', /\S/).optional(), {
    ...OF_GATEWAY,
    en: 'their names in tokens (`iss`), with commas, in the same order',
    zh: '令牌中签发者的名称(`iss`),以逗号分隔,顺序相同',
  }),
  AUTH_AUDIENCE: setting(listOf('audiences, with commas', /\S/).optional(), {
    ...OF_GATEWAY,
    en: 'whom tokens must be for (`aud`): one for all, or one for each issuer',
    zh: '令牌的受众(`aud`):共用一个,或每个签发者一个',
  }),
  AUTH_ALGORITHMS: setting(algorithms.default(['EdDSA', 'RS256', 'ES256']), {
    ...OF_GATEWAY,
    en: 'what tokens may be signed with, with commas',
    zh: '令牌可用的签名算法,以逗号分隔',
  }),
  AUTH_CLOCK_TOLERANCE_S: setting(whole(0, 300, 10), {
    ...OF_GATEWAY,
    en: 'seconds by which clocks may differ',
    zh: '允许的时钟误差(秒)',
  }),
  GATEWAY_AUTHORIZATION: setting(text.optional(), {
    ...OF_GATEWAY,
    en: 'a JSON file of the scopes and policies that come with roles',
    zh: '各角色的权限范围与策略的 JSON 文件',
  }),
  GATEWAY_UNAUTHORIZED: setting(oneOf(['null', 'reject']).default('null'), {
    ...OF_GATEWAY,
    en: '`null`: what a caller may not read is null; `reject`: the whole operation is refused',
    zh: '`null`:无权读取者为空;`reject`:拒绝整个操作',
  }),
  GATEWAY_AUDIT: setting(flag.optional(), {
    ...OF_GATEWAY,
    en: '`on`, `off`: whether refusals and mutations are recorded',
    zh: '`on`、`off`:是否记录拒绝与变更',
    otherwise: '{GATEWAY_AUTH}',
  }),
};

export interface IssuerSettings {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

export function issuerSettings({ AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE }: ValuesOf<typeof IDENTITY>): IssuerSettings[] {
  return (AUTH_JWKS_URL ?? []).map((jwksUrl, index) => ({
    jwksUrl,
    issuer: AUTH_ISSUER?.[index] as string,
    audience: (AUTH_AUDIENCE?.[index] ?? AUTH_AUDIENCE?.[0]) as string,
  }));
}
