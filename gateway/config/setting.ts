import { z } from 'zod';

/** What can be started; `commands` are those of `npx acceptance` that start nothing. */
export const ROLES = ['gateway', 'registry', 'catalog', 'acceptance', 'supervision', 'department', 'commands'] as const;
export type Role = (typeof ROLES)[number];

/** Whoever keeps a store of its own. */
export const SUBGRAPHS: readonly Role[] = ['registry', 'catalog', 'acceptance', 'supervision', 'department'];
/** Whoever keeps personal data. */
export const PERSONAL: readonly Role[] = ['acceptance', 'supervision', 'department'];

/** One setting, whole in its one place: its form in text, as environment variables have it, and what it is for. */
export interface Setting<T extends z.ZodType = z.ZodType> {
  readonly form: T;
  /** One sentence, with the unit where it has one. */
  readonly en: string;
  readonly zh: string;
  readonly usedBy: readonly Role[];
  /** Roles that do not start without it. */
  readonly neededBy?: readonly Role[];
  /** `value`: never shown. `address`: shown without the user and password in it. Either may be in a file that NAME_FILE names. */
  readonly secret?: 'value' | 'address';
  /** What holds when it is left out and its form has no default; `{NAME}` stands for the value of another. */
  readonly otherwise?: string;
}

export type SettingTable = Readonly<Record<string, Setting>>;
export type ValuesOf<S extends SettingTable> = { readonly [Name in keyof S]: z.output<S[Name]['form']> };

export function setting<T extends z.ZodType>(form: T, notes: Omit<Setting, 'form'>): Setting<T> {
  return { form, ...notes };
}

/** The default in the text that would set it; undefined where the form has none. */
export function defaultText({ form }: Setting): string | undefined {
  return form instanceof z.ZodDefault ? asText(form.def.defaultValue) : undefined;
}

/** A parsed value, or one of a JSON file, in the text that sets it; undefined for what no text sets. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return joined(value.map(scalarText));
  if (typeof value !== 'object' || value === null) return undefined;
  return joined(
    Object.entries(value).map(([key, one]) => {
      const of = scalarText(one);
      return of === undefined ? undefined : `${key}=${of}`;
    }),
  );
}

const scalarText = (value: unknown): string | undefined => (typeof value === 'object' ? undefined : asText(value));

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(',');
}
