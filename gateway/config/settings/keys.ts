import { SIGNATURE_ALGORITHMS } from '../../../subgraphs/kit/exchange/signature-algorithm.js';
import { SEAL_ALGORITHMS } from '../../../subgraphs/kit/privacy/seal-algorithm.js';
import { flag, oneOf, text } from '../forms.js';
import { PERSONAL, SUBGRAPHS, setting } from '../setting.js';

/** What personal data is sealed with, and what goes between services is signed with. */
export const KEYS = {
  PERSONAL_DATA_KEYS: setting(text.optional(), {
    en: 'keys of personal data at rest, `id:base64,…` of 32 bytes each, the current one first',
    zh: '静态个人信息的密钥 `id:base64,…`,每个 32 字节,当前密钥在前',
    usedBy: [...PERSONAL, 'commands'],
    secret: 'value',
  }),
  PERSONAL_DATA_KEYS_FILE: setting(text.optional(), {
    en: 'a file of the same, one a line, read again when it changes; outside of production it is made when it is not there',
    zh: '同样内容的文件,每行一个,变更后重新读取;非生产环境下不存在时自动生成',
    usedBy: [...PERSONAL, 'commands'],
    otherwise: '{DATA_DIR}/keys/personal-data.keys',
  }),
  PERSONAL_DATA_ALGORITHM: setting(oneOf(SEAL_ALGORITHMS).default('aes-256-gcm'), {
    en: `what it is sealed with: ${SEAL_ALGORITHMS.join(', ')}`,
    zh: `加密算法:${SEAL_ALGORITHMS.join('、')}`,
    usedBy: [...PERSONAL, 'commands'],
  }),
  EXCHANGE_SIGNATURES: setting(flag.default(true), {
    en: '`on`, `off`: whether mutations between the platform and departments are signed, and have to be',
    zh: '`on`、`off`:平台与部门之间的变更是否签名并必须签名',
    usedBy: ['gateway', ...SUBGRAPHS],
  }),
  EXCHANGE_ALGORITHM: setting(oneOf(SIGNATURE_ALGORITHMS).default('ed25519'), {
    en: `what new keys sign with: ${SIGNATURE_ALGORITHMS.join(', ')}`,
    zh: `新密钥的签名算法:${SIGNATURE_ALGORITHMS.join('、')}`,
    usedBy: ['gateway', ...SUBGRAPHS, 'commands'],
  }),
  EXCHANGE_KEYS_DIR: setting(text.optional(), {
    en: 'the folder of the keys that are signed with',
    zh: '签名密钥所在目录',
    usedBy: ['gateway', ...SUBGRAPHS, 'commands'],
    otherwise: '{DATA_DIR}/keys/exchange',
  }),
};
