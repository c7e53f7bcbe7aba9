/** A problem as people read it: where, what, and how to mend it. */
export interface Finding {
  readonly message: string;
  readonly code?: string | null | undefined;
  readonly member?: string | null | undefined;
  readonly line?: number | null | undefined;
  readonly column?: number | null | undefined;
  readonly remedy?: string | null | undefined;
}

/** `file:line:column  member: message`, and the remedy below. */
export function findingLines({ message, member, line, column, remedy }: Finding, file = 'SDL'): string {
  const place = line == null ? '' : `${file}:${line}${column == null ? '' : `:${column}`}  `;
  const about = member == null || message.includes(member) ? '' : `${member}: `;
  return `  ${place}${about}${message}${remedy == null ? '' : `\n    ${remedy}`}`;
}

export interface ChangeFinding {
  readonly criticality: string;
  readonly message: string;
  readonly usedBy?: readonly { readonly client: string; readonly operation: string; readonly count: number; readonly lastSeen: string }[];
}

const MARKS: Readonly<Record<string, string>> = { BREAKING: '!', DANGEROUS: '~', NON_BREAKING: '+' };

/** One line a change; breaking ones with who uses what they break. */
export function changeLines(changes: readonly ChangeFinding[] | null): string {
  if (changes === null) return '  (nothing was compared: no graph came out, or there is none to compare with)';
  if (changes.length === 0) return '  (nothing that clients would notice)';
  return changes
    .map(({ criticality, message, usedBy = [] }) => {
      const uses = usedBy.map(
        ({ client, operation, count, lastSeen }) =>
          `\n      used by ${client}, ${operation || 'unnamed operation'}: ${count} times, last ${lastSeen}`,
      );
      return `  ${MARKS[criticality] ?? ' '} ${message}${uses.join('')}`;
    })
    .join('\n');
}
