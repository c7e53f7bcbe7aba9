import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { examineSettings } from '../../gateway/config/read-settings.js';
import type { Role } from '../../gateway/config/setting.js';
import { KNOWN_NAMES } from '../../gateway/config/unknown-names.js';
import { composeFile, manifests } from './deployment.js';

const installed = isInstalled();
const all: any[] = installed ? await manifests() : [];
const of = (kind: string) => all.filter((one) => one.kind === kind);
const deployments: [string, any][] = of('Deployment').map((one) => [one.metadata.name, one]);
const ours = deployments.filter(([name]) => name !== 'nginx');
const root = new URL('../../', import.meta.url).pathname;

function isInstalled(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!installed)(`the manifests${installed ? '' : ' (skipped: no kubectl here)'}`, () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  test('hold the values that Kubernetes takes', async () => {
    for (const one of all) {
      const [group, version] = one.apiVersion.includes('/') ? one.apiVersion.split('/') : ['', one.apiVersion];
      const module = await import(/* @vite-ignore */ `kubernetes-models/${group === '' ? version : `${group}/${version}`}/${one.kind}`);
      const model = new module[one.kind](one);
      expect(() => model.validate(), `${one.kind} ${one.metadata.name}`).not.toThrow();
    }
  });

  test('have no member that Kubernetes does not know', async () => {
    const folder = await mkdtemp(join(root, 'node_modules', '.manifests-'));
    folders.push(folder);
    const typed = (documents: any[]) =>
      documents
        .map((one, index) => {
          const path = one.apiVersion.includes('/') ? one.apiVersion : `${one.apiVersion}`;
          return `import type { I${one.kind} as T${index} } from 'kubernetes-models/${path}/${one.kind}';\nexport const d${index}: T${index} = ${JSON.stringify(one)};\n`;
        })
        .join('');
    const slip = structuredClone(deployments[0]?.[1]);
    slip.spec.template.spec.containers[0].readynessProbe = {};
    await writeFile(join(folder, 'right.ts'), typed(all));
    await writeFile(join(folder, 'wrong.ts'), typed([slip]));
    const check = (file: string) =>
      new Promise<string>((resolve) => {
        const args = [
          join(root, 'node_modules/.bin/tsc'),
          '--noEmit',
          '--ignoreConfig',
          '--strict',
          '--skipLibCheck',
          '--module',
          'nodenext',
          '--target',
          'es2024',
          '--types',
          '',
          join(folder, file),
        ];
        execFile(process.execPath, args, { cwd: root }, (_error, out) => resolve(out));
      });
    expect(await check('right.ts')).toBe('');
    expect(await check('wrong.ts')).toContain('readynessProbe');
  });

  test('start the same parts as compose.yaml, in as many instances', async () => {
    const counted: Record<string, number> = {};
    for (const [name, { build }] of Object.entries<any>((await composeFile()).services)) {
      if (build === undefined || name === 'keys') continue;
      const part = name.replace(/-\d$/, '');
      counted[part] = (counted[part] ?? 0) + 1;
    }
    expect(Object.fromEntries(ours.map(([name, { spec }]) => [name, spec.replicas]))).toEqual(counted);
  });

  test.for(ours)('%s gets settings that are known, and valid for its role', ([name, { spec }]) => {
    const [container] = spec.template.spec.containers;
    const env: Record<string, string> = {};
    for (const { configMapRef } of container.envFrom)
      Object.assign(env, of('ConfigMap').find(({ metadata }) => metadata.name === configMapRef.name).data);
    for (const { name: variable, value, valueFrom } of container.env) {
      const { configMapKeyRef: ref } = valueFrom ?? {};
      env[variable] = value ?? of('ConfigMap').find(({ metadata }) => metadata.name === ref.name).data[ref.key];
    }
    for (const variable of Object.keys(env)) expect(KNOWN_NAMES).toContain(variable);
    const role = (spec.template.metadata.labels['app.kubernetes.io/component'] === 'department' ? 'department' : name) as Role;
    const { STORE_URL_FILE, REDIS_URL_FILE, ...plain } = env;
    expect([STORE_URL_FILE, REDIS_URL_FILE]).toEqual(['/run/secrets/store-url', '/run/secrets/redis-url']);
    const ofImage = role === 'gateway' ? { GATEWAY_HOST: '0.0.0.0' } : { SUBGRAPH_HOST: '0.0.0.0' };
    expect(examineSettings({ ...plain, ...ofImage, STORE_URL: 'mysql://x:y@mysql/acceptance' }, role).problems).toEqual([]);
  });

  test.for(deployments)('%s runs restricted, is probed, spreads and drains', ([name, { spec }]) => {
    const pod = spec.template.spec;
    expect(pod).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(40);
    expect(pod.topologySpreadConstraints[0].labelSelector.matchLabels).toEqual(spec.selector.matchLabels);
    for (const container of pod.containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.lifecycle.preStop, name).toBeDefined();
      for (const probe of [container.readinessProbe, container.livenessProbe]) {
        const { port } = probe.httpGet ?? probe.tcpSocket;
        expect(container.ports.map((one: any) => one.name)).toContain(port);
      }
      expect(container.livenessProbe.httpGet?.path ?? '/health/live').toBe('/health/live');
    }
  });

  test('what is referred to is there: Services and their ports, ConfigMaps, Secrets and their keys, claims', () => {
    const serviceOf = (name: string) => of('Service').find(({ metadata }) => metadata.name === name);
    for (const [, { spec }] of deployments) {
      const pod = spec.template.spec;
      for (const { secret, configMap, projected, persistentVolumeClaim } of pod.volumes) {
        for (const source of projected?.sources ?? (secret === undefined ? [] : [{ secret }])) {
          const found = of('Secret').find(({ metadata }) => metadata.name === source.secret.name);
          expect(found, source.secret.name).toBeDefined();
          for (const { key } of source.secret.items) expect(Object.keys(found.data)).toContain(key);
        }
        if (configMap !== undefined) expect(of('ConfigMap').map(({ metadata }) => metadata.name)).toContain(configMap.name);
        if (persistentVolumeClaim !== undefined)
          expect(of('PersistentVolumeClaim').map(({ metadata }) => metadata.name)).toContain(persistentVolumeClaim.claimName);
      }
      for (const { value = '' } of pod.containers[0].env) {
        const [, host = '', port] = /^(?:http:\/\/|server )([\w-]+):(\d+)/.exec(value) ?? [];
        if (host !== '')
          expect(
            serviceOf(host)?.spec.ports.map((one: any) => String(one.port)),
            value,
          ).toContain(port);
      }
    }
    for (const { spec } of [...of('Service'), ...of('PodDisruptionBudget')]) {
      const selected = spec.selector?.matchLabels ?? spec.selector;
      if (selected !== undefined) expect(deployments.map(([, one]) => one.spec.selector.matchLabels)).toContainEqual(selected);
    }
    for (const [name, { spec }] of deployments.filter(([, one]) => one.spec.replicas > 1))
      expect(
        of('PodDisruptionBudget').map((one) => one.spec.selector.matchLabels),
        `${name}: ${spec.replicas}`,
      ).toContainEqual(spec.selector.matchLabels);
  });

  test('a department gets its own key of the exchange and no other', () => {
    for (const code of ['drug', 'housing', 'transport']) {
      const pod = deployments.find(([name]) => name === code)?.[1].spec.template.spec;
      const paths = pod.volumes.find(({ name }: any) => name === 'keys').projected.sources[0].secret.items.map(({ path }: any) => path);
      expect(paths.filter((path: string) => /^exchange\/\w+\.json$/.test(path))).toEqual([`exchange/${code}.json`]);
    }
  });
});
