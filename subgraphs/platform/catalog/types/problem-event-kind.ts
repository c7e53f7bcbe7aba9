/** What the catalogue's feed says of problems, beside what it says of items. */
export const PROBLEM_FOUND = 'PROBLEM_FOUND';
export const PROBLEM_SETTLED = 'PROBLEM_SETTLED';
