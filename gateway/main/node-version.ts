const OLDEST = 24;

/**
 * npm brings Node 26 along and puts it first on the PATH of its scripts and of npx; started in another way, this would
 * run on whatever Node the machine has.
 * @returns what to tell the person who started it, or undefined when all is well.
 */
export function nodeProblem(version = process.versions.node): string | undefined {
  if (Number.parseInt(version, 10) >= OLDEST) return undefined;
  return `STARTED_WITHOUT_NPM: this is Node ${version}, too old; start with \`npm start\` or \`npx acceptance\`, which bring the right one along.`;
}
