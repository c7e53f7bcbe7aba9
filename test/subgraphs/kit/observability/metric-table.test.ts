import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { metricPage } from '../../../../subgraphs/kit/observability/metric-page.js';
import { METRICS } from '../../../../subgraphs/kit/observability/metric-table.js';

const ROOT = new URL('../../../../', import.meta.url).pathname;

describe('the table of metrics', () => {
  test('is what its page prints (`npx vitest run test/subgraphs/kit/observability -u` writes it)', async () => {
    await expect(metricPage()).toMatchFileSnapshot(join(ROOT, 'subgraphs/kit/observability/README.md'));
  });

  test('is in order, and names are as Prometheus wants them', () => {
    const names = Object.keys(METRICS);
    expect(names).toEqual(names.toSorted());
    for (const [name, { type }] of Object.entries(METRICS)) {
      expect(name).toMatch(/^acceptance_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
    }
  });

  test('has no metric that nothing tells, and nothing tells of one that is not in it', async () => {
    const files = (
      await Promise.all(
        ['gateway', 'subgraphs'].map((folder) =>
          readdir(join(ROOT, folder), { recursive: true }).then((found) => found.map((file) => join(folder, file))),
        ),
      )
    )
      .flat()
      .filter((file) => file.endsWith('.ts') && !file.endsWith('metric-table.ts'));
    const sources = await Promise.all(files.map(async (file) => [file, await readFile(join(ROOT, file), 'utf8')] as const));
    const all = sources.map(([, text]) => text).join('\n');
    expect(Object.keys(METRICS).filter((name) => !all.includes(`'${name}'`))).toEqual([]);
    const makers = sources.filter(([, text]) => /new (Counter|Gauge|Histogram|Summary)\(/.test(text)).map(([file]) => file);
    expect(makers).toEqual(['subgraphs/kit/observability/instruments.ts']);
  });
});
