import { validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';
import { composeFile, dockerFile } from './deployment.js';

const dockerfile = await dockerFile('Dockerfile');

describe('the Dockerfile', () => {
  test('is one', () => {
    expect(validate(dockerfile).map(({ message, range }) => [range.start.line + 1, message])).toEqual([]);
    expect(validate(`${dockerfile}\nCOPYY x y\n`)).not.toEqual([]);
  });

  test('begins every stage with a pinned image or an earlier stage', () => {
    const earlier = new Set<string>();
    for (const [, from = '', name = ''] of dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)) {
      if (!earlier.has(from)) expect(from).toBe('node:26-bookworm-slim');
      earlier.add(name);
    }
    expect([...dockerfile.matchAll(/^FROM /gm)]).toHaveLength(earlier.size);
  });

  test('runs as nobody in particular, without what only building needs', () => {
    const [, runtime = ''] = dockerfile.replaceAll(/^\s*#.*$/gm, '').split(/^FROM .* AS runtime$/m);
    expect(runtime).toMatch(/^USER 1000:1000$/m);
    expect(runtime).not.toMatch(/^USER (?!1000:1000)/m);
    expect(runtime).not.toMatch(/curl|apt-get|npm /);
    expect(dockerfile).toMatch(/npm ci --omit=dev --omit=optional --ignore-scripts/);
    expect(runtime).toMatch(/COPY --from=dependencies \/app\/node_modules/);
    expect(runtime).toMatch(/^HEALTHCHECK /m);
  });

  test('has every target that compose.yaml builds', async () => {
    const targets = new Set([...dockerfile.matchAll(/ AS (\S+)$/gm)].map(([, name]) => name));
    for (const { build } of Object.values<any>((await composeFile()).services))
      if (build !== undefined) expect(targets).toContain(build.target);
  });

  test('is given what it copies, and no secrets', async () => {
    const ignore = (await dockerFile('../.dockerignore')).split('\n');
    expect(ignore).toContain('*');
    expect(ignore.filter((line) => /docker|secrets|data/.test(line))).toEqual([]);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
    for (const source of copied) expect(ignore, source).toContain(`!${source.split('/')[0]}`);
  });
});
