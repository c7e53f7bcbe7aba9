const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MOST = 4;

/**
 * What may stand for a department in its case numbers, the best first: the beginning of its code, then ever other
 * letters of it, then its first letters with digits. Two codes that begin alike share candidates, so who comes first
 * takes the first that is free and keeps it (the `letters` column of the department's row, which is unique).
 * There are more candidates than departments could be.
 */
export function* letterCandidates(departmentCode: string): Generator<string, void> {
  const own = departmentCode.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
  const letters = own.padEnd(2, 'X');
  const seen = new Set<string>();
  const fresh = (candidate: string) => !seen.has(candidate) && seen.add(candidate);
  const first = letters.slice(0, MOST);
  if (fresh(first)) yield first;
  for (const last of letters.slice(MOST)) {
    const candidate = letters.slice(0, MOST - 1) + last;
    if (fresh(candidate)) yield candidate;
  }
  const head = letters.slice(0, 2);
  for (const tens of ALPHABET) {
    for (const ones of ALPHABET) {
      const candidate = `${head}${tens}${ones}`;
      if (fresh(candidate)) yield candidate;
    }
  }
}
