export { checksTable } from './checks-table.js';
export type { Authorize, ConformanceOptions } from './options.js';
export { CHECKS } from './registry.js';
export type { BilingualText, CheckLevel, CheckOutcome, CheckResult, ConformanceReport } from './report.js';
export { runConformance } from './run-conformance.js';
export { expiredTokens } from './synthetic/expired-tokens.js';
