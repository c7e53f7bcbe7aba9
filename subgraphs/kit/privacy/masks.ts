/** What of a person must not be seen by everybody, and how it is shown to those who may not see it. The one place that says so. */
export const SENSITIVE = {
  /** 张三丰 → 张*. How long a name is would tell something too. */
  NAME: (name: string): string => `${Array.from(name)[0] ?? ''}*`,
  /** 4101**********123X: the first and last four characters of eighteen stay. */
  ID_NUMBER: (number: string): string =>
    number.length < 12 ? '*'.repeat(number.length) : number.slice(0, 4) + '*'.repeat(number.length - 8) + number.slice(-4),
  /** 138****5678: the last four digits stay, and the first three. */
  PHONE: (phone: string): string =>
    phone.length < 9 ? '*'.repeat(phone.length) : phone.slice(0, 3) + '*'.repeat(phone.length - 7) + phone.slice(-4),
  /** What somebody wrote: any of it may be personal. */
  WRITING: (): null => null,
} as const;

export type SensitiveKind = keyof typeof SENSITIVE;
