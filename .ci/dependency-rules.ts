/** What package-lock.json says of one package. */
export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

const REGISTRY = 'https://registry.npmjs.org/';

/** Licences under which a package may be used here without asking. */
const LICENCES = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Python-2.0',
  'Unlicense',
]);

/** Packages under other licences, each looked at. NOTICE names those that are delivered. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  '@apollo/composition': 'Elastic-2.0',
  '@apollo/federation-internals': 'Elastic-2.0',
  '@apollo/gateway': 'Elastic-2.0',
  '@apollo/query-graphs': 'Elastic-2.0',
  '@apollo/query-planner': 'Elastic-2.0',
  '@embedpdf/fonts-sc': 'OFL-1.1',
  lightningcss: 'MPL-2.0',
  // its LICENSE file is MIT; its manifest does not say so
  'png-js': 'none named',
};

/** Packages with install scripts, and why nothing is missing when these do not run (`npm ci --ignore-scripts`). */
const SCRIPTS_NOT_NEEDED: Readonly<Record<string, string>> = {
  '@apollo/protobufjs': 'only warns of version ranges',
  protobufjs: 'only warns of version ranges',
  fsevents: 'for macOS only, with a fallback',
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** The packages of a lockfile by licence. */
export function licencesOf(packages: Readonly<Record<string, LockedPackage>>): Map<string, string[]> {
  const licences = new Map<string, string[]>();
  for (const [path, { license = 'none named' }] of Object.entries(packages)) {
    if (path === '') continue;
    licences.set(license, [...(licences.get(license) ?? []), nameOf(path)]);
  }
  return licences;
}

/** What is wrong with a dependency tree: where packages come from, whether they can be changed unseen, what they run, their licences. */
export function problemsOf(packages: Readonly<Record<string, LockedPackage>>, manifest: Readonly<Record<string, unknown>> = {}): string[] {
  const problems: string[] = [];
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, version] of Object.entries((manifest[kind] ?? {}) as Record<string, string>))
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`${name}: asked for as "${version}", not as one exact version`);
  }
  for (const [path, locked] of Object.entries(packages)) {
    if (path === '' || locked.inBundle === true) continue;
    const name = nameOf(path);
    // without an address it comes, by name and version, from the registry that npm is told to ask
    if (locked.link === true || (locked.resolved !== undefined && !locked.resolved.startsWith(REGISTRY)))
      problems.push(`${name}: comes from ${locked.resolved ?? 'a link'}, not from a registry`);
    if (locked.integrity?.startsWith('sha512-') !== true) problems.push(`${name}: has no SHA-512 integrity`);
    if (locked.hasInstallScript === true && !Object.hasOwn(SCRIPTS_NOT_NEEDED, name))
      problems.push(`${name}: wants to run a script when it is installed`);
    const { license = 'none named' } = locked;
    if (!isAllowed(license) && !isLookedAt(name, license)) problems.push(`${name}: its licence is ${license}`);
  }
  return problems;
}

/** Of "A OR B" one has to be allowed, of "A AND B" both. */
function isAllowed(license: string): boolean {
  return license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => LICENCES.has(part.trim())));
}

const isLookedAt = (name: string, license: string): boolean =>
  Object.entries(LOOKED_AT).some(([known, of]) => of === license && (name === known || name.startsWith(`${known}-`)));
