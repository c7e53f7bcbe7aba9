import type { ItemHistory } from '../facts/item-history.js';
import type { Finding } from '../findings/finding.js';

/** An item is offered without review rules (Art. 12): each time, from when it was so until it was no longer. */
export function reviewRulesMissing(history: ItemHistory): Finding[] {
  const found: Finding[] = [];
  let since: string | undefined;
  for (const version of history) {
    const missing = version.active && version.reviewRuleVersion === null;
    if (missing) since ??= version.since;
    else if (since !== undefined) {
      found.push(finding(since, new Date(version.since)));
      since = undefined;
    }
  }
  if (since !== undefined) found.push(finding(since, null));
  return found;
}

function finding(since: string, over: Date | null): Finding {
  return { rule: 'REVIEW_RULES_MISSING', occurrence: since, at: new Date(since), over };
}
