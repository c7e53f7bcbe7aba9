import { readFile } from 'node:fs/promises';
import { type LockedPackage, licencesOf, problemsOf } from './dependency-rules.ts';

/** `npm run check:dependencies`: works without a network, on the lockfile alone. */
const root = new URL('../', import.meta.url);
const read = async (file: string) => JSON.parse(await readFile(new URL(file, root), 'utf8')) as Record<string, unknown>;
const lock = (await read('package-lock.json')) as { packages: Record<string, LockedPackage> };
const manifest = (await read('package.json')) as { dependencies?: Record<string, string> };

for (const [licence, names] of [...licencesOf(lock.packages)].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${licence.padEnd(28)} ${names.length > 6 ? `${names.length} packages` : names.join(', ')}`);
const problems = problemsOf(lock.packages, manifest);
for (const problem of problems) console.error(problem);
console.log(`${Object.keys(lock.packages).length - 1} packages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
