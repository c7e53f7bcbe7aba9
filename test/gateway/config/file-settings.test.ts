import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../gateway/config/read-settings.js';

const readSubgraphSettings = (env: Record<string, string>) => readSettings(env).subgraphs;
const S3 = { FILES_S3_BUCKET: 'files', FILES_S3_ACCESS_KEY: 'me', FILES_S3_SECRET_KEY: 'hidden-secret' };

describe('where files are kept', () => {
  test('is a folder of the data unless another one, or a bucket, is named', () => {
    expect(readSubgraphSettings({}).files).toEqual({ kind: 'disk', directory: 'data/files' });
    expect(readSubgraphSettings({ FILES_DIR: '/srv/files', FILES_S3_BUCKET: '' }).files).toEqual({ kind: 'disk', directory: '/srv/files' });
    expect(readSubgraphSettings({ ...S3, FILES_S3_ENDPOINT: 'https://minio.example' }).files).toEqual({
      kind: 's3',
      bucket: 'files',
      region: 'us-east-1',
      endpoint: 'https://minio.example',
      accessKeyId: 'me',
      secretAccessKey: 'hidden-secret',
      pathStyle: true,
    });
  });

  test('tells everything that is wrong at once, and no secret', () => {
    const wrong = { FILES_S3_BUCKET: 'files', FILES_S3_SECRET_KEY: 'hidden-secret', FILES_URL: 'nonsense', FILES_S3_PATH_STYLE: 'maybe' };
    let told = '';
    try {
      readSubgraphSettings(wrong);
    } catch (error) {
      told = (error as Error).message;
    }
    for (const name of ['FILES_S3_ACCESS_KEY', 'FILES_URL', 'FILES_S3_PATH_STYLE']) expect(told).toContain(name);
    expect(told).not.toMatch(/FILES_S3_SECRET_KEY|hidden-secret/);
  });
});
