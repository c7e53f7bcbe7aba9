import { join } from 'node:path';
import { flag, httpUrl, text } from '../forms.js';
import { type Setting, setting, type ValuesOf } from '../setting.js';

const OF_LEDGER: Pick<Setting, 'usedBy'> = { usedBy: ['acceptance'] };

/** Where the ledger keeps uploads, documents and dossiers. */
export const FILES = {
  FILES_URL: setting(httpUrl.optional(), {
    ...OF_LEDGER,
    en: 'the address that clients reach files at and QR codes lead to; without it, where acceptance listens',
    zh: '客户端取用文件、二维码所指的地址;未设时为受理监听处',
  }),
  FILES_DIR: setting(text.optional(), {
    ...OF_LEDGER,
    en: 'the folder of uploads, documents and dossiers, each sealed with a key of its own',
    zh: '上传、文书和档案的目录,每个文件以各自的密钥加密',
    otherwise: '{DATA_DIR}/files',
  }),
  FILES_S3_BUCKET: setting(text.optional(), {
    ...OF_LEDGER,
    en: 'an S3-compatible bucket instead of `FILES_DIR`',
    zh: '以兼容 S3 的存储桶代替 `FILES_DIR`',
  }),
  FILES_S3_REGION: setting(text.default('us-east-1'), { ...OF_LEDGER, en: 'its region', zh: '所在区域' }),
  FILES_S3_ENDPOINT: setting(httpUrl.optional(), {
    ...OF_LEDGER,
    en: "its service's address, where that is not Amazon's",
    zh: '存储服务的地址,非亚马逊时设置',
  }),
  FILES_S3_ACCESS_KEY: setting(text.optional(), {
    ...OF_LEDGER,
    en: 'the name of its key; needed with a bucket',
    zh: '访问密钥的标识;使用存储桶时必需',
    secret: 'value',
  }),
  FILES_S3_SECRET_KEY: setting(text.optional(), {
    ...OF_LEDGER,
    en: 'its key; needed with a bucket',
    zh: '访问密钥;使用存储桶时必需',
    secret: 'value',
  }),
  FILES_S3_PATH_STYLE: setting(flag.default(true), {
    ...OF_LEDGER,
    en: '`on`, `off`: whether the bucket is named in the path, not in the host',
    zh: '`on`、`off`:存储桶写在路径中而非主机名中',
  }),
};

/** Where uploads, documents and dossiers are kept. */
export type FileSettings =
  | { readonly kind: 'disk'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly region: string;
      readonly endpoint: string | undefined;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly pathStyle: boolean;
    };

export function fileSettings(values: ValuesOf<typeof FILES>, dataDir: string): FileSettings {
  const { FILES_S3_BUCKET: bucket, FILES_S3_ACCESS_KEY: accessKeyId = '', FILES_S3_SECRET_KEY: secretAccessKey = '' } = values;
  if (bucket === undefined) return { kind: 'disk', directory: values.FILES_DIR ?? join(dataDir, 'files') };
  const { FILES_S3_REGION: region, FILES_S3_ENDPOINT: endpoint, FILES_S3_PATH_STYLE: pathStyle } = values;
  return { kind: 's3', bucket, region, endpoint, accessKeyId, secretAccessKey, pathStyle };
}
