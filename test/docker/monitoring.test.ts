import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { METRICS } from '../../subgraphs/kit/observability/metric-table.js';
import { DOCKER, dockerFile } from './deployment.js';

const rules: any[] = parse(await dockerFile('prometheus/alerts.yaml')).groups.flatMap((group: any) => group.rules);
const folder = 'grafana/dashboards';
const dashboards: any[] = await Promise.all(
  (await readdir(join(DOCKER, folder))).map(async (file) => JSON.parse(await dockerFile(`${folder}/${file}`))),
);
const shown: string[] = dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }: any) => targets.map(({ expr }: any) => expr)));

function promtool(...args: string[]): string {
  return execFileSync('promtool', args, { cwd: join(DOCKER, 'prometheus'), encoding: 'utf8', stdio: 'pipe' });
}

function isInstalled(): boolean {
  try {
    promtool('--version');
    return true;
  } catch {
    return false;
  }
}
const installed = isInstalled();

describe('alerts and dashboards', () => {
  test('name metrics that the code exports', async () => {
    const defaults = new Registry();
    collectDefaultMetrics({ register: defaults, prefix: 'acceptance_' });
    const known = new Map<string, { type: string; labels?: readonly string[] }>(Object.entries(METRICS));
    for (const { name, type } of await defaults.getMetricsAsJSON()) known.set(name, { type: String(type) });
    const named = new Set([...rules.map(({ expr }) => expr), ...shown].flatMap((expr: string) => expr.match(/acceptance_\w+/g) ?? []));
    expect(named.size).toBeGreaterThan(5);
    for (const name of named) {
      const plain = name.replace(/_(bucket|count|sum)$/, '');
      const { type } = known.get(name) ?? known.get(plain) ?? { type: 'unknown' };
      expect(type, name).toMatch(plain === name ? /^(gauge|counter)$/ : /^histogram$/);
    }
  });

  test.for(['RUNBOOK.md', 'RUNBOOK.zh-CN.md'])('%s has a section for each alert, and for nothing else', async (file) => {
    const sections = [...(await dockerFile(file)).matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(rules.map(({ alert }) => alert));
  });

  test.skipIf(!installed)(`are expressions that Prometheus takes${installed ? '' : ' (skipped: no promtool here)'}`, async () => {
    promtool('check', 'rules', 'alerts.yaml');
    promtool('test', 'rules', 'alerts.test.yaml');
    const directory = await mkdtemp(join(tmpdir(), 'acceptance-rules-'));
    try {
      const file = join(directory, 'shown.yaml');
      await writeFile(
        file,
        stringify({ groups: [{ name: 'shown', rules: shown.map((expr, index) => ({ record: `shown_${index}`, expr })) }] }),
      );
      promtool('check', 'rules', file);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
