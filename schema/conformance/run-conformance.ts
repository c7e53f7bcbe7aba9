import { randomBytes, randomInt } from 'node:crypto';
import { CONTRACT_VERSION } from '../composition/contract.js';
import type { Check } from './check.js';
import type { ConformanceOptions } from './options.js';
import { SeededRandom } from './random.js';
import { CHECKS } from './registry.js';
import type { CheckResult, ConformanceReport } from './report.js';
import { selectChecks } from './select-checks.js';
import { Session } from './session.js';
import { NotApplicable, OutOfTime, Unmet } from './unmet.js';

/**
 * Asks a department's running endpoint, whatever it is written in, whether it keeps the department contract.
 *
 * Beyond the smoke checks it receives synthetic cases (their numbers begin with `000000TEST`) and leads some through their
 * whole lives, so it is run against a test instance. One check at a time; a check whose groundwork failed is `not-run`.
 *
 * @returns a report, whatever the endpoint does: that it is down, hangs or answers something else are failed checks.
 * @throws CataloguedError BAD_USER_INPUT when `checks` names one that does not exist; nothing else.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const checks = selectChecks(options.checks);
  const random = new SeededRandom(options.seed ?? randomInt(2 ** 31));
  const session = new Session(options, random, randomBytes(3).toString('hex').toUpperCase());
  const results = new Map<string, CheckResult>();
  for (const check of checks) {
    const result = await resultOf(check, session, results);
    results.set(check.id, result);
    options.onResult?.(result);
  }
  const ordered = CHECKS.flatMap(({ id }) => results.get(id) ?? []);
  return {
    department: options.code,
    contractVersion: CONTRACT_VERSION,
    seed: random.seed,
    results: ordered,
    passed: ordered.every(({ level, outcome }) => level === 'SHOULD' || outcome !== 'failed'),
  };
}

type Outcome = Pick<CheckResult, 'outcome' | 'reason' | 'expected' | 'found' | 'outOfTime' | 'remedy'>;

async function resultOf(check: Check, session: Session, earlier: ReadonlyMap<string, CheckResult>): Promise<CheckResult> {
  const { id, level, title, why, pointer } = check;
  const started = performance.now();
  const missing = check.needs?.find((needed) => earlier.get(needed)?.outcome !== 'passed');
  const outcome: Outcome =
    missing === undefined ? await outcomeOf(check, session) : { outcome: 'not-run', reason: `it builds on ${missing}, which did not pass` };
  return { id, level, title, why, pointer, ...outcome, durationMs: Math.round(performance.now() - started) };
}

async function outcomeOf(check: Check, session: Session): Promise<Outcome> {
  try {
    await check.run(session);
    return { outcome: 'passed' };
  } catch (error) {
    if (error instanceof NotApplicable) return { outcome: 'skipped', reason: error.message };
    const { remedy } = check;
    if (!(error instanceof Unmet)) {
      // an answer in a shape that no check reckoned with; its text may hold anything, so it is not told
      return { outcome: 'failed', reason: 'the answers have a shape that the contract does not allow', remedy };
    }
    const { message: reason, expected, found } = error;
    return {
      outcome: 'failed',
      reason,
      ...(expected !== undefined && { expected }),
      ...(found !== undefined && { found }),
      ...(error instanceof OutOfTime && { outOfTime: true }),
      remedy,
    };
  }
}
