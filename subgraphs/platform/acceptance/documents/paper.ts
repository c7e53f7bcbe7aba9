import type { SealKind } from '../types/paper-enums.js';

/** A seal as a document bears it (Art. 6). */
export interface PaperSeal {
  readonly kind: SealKind;
  /** Whose it is: along its rim. */
  readonly body: string;
  /** What it is for: at its foot. */
  readonly purpose: string;
}

export type PaperBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly { readonly title: string; readonly width: number }[];
      readonly rows: readonly (readonly string[])[];
    };

/** What a document says, before it is drawn. */
export interface Paper {
  /** How it is laid out: as a letter, or as a certificate with a border. */
  readonly form: 'letter' | 'certificate';
  readonly title: string;
  readonly number: string;
  /** Whom it is for; null where it is for whoever reads it. */
  readonly addressee: string | null;
  readonly blocks: readonly PaperBlock[];
  readonly seal: PaperSeal;
  /** A calendar day in China. */
  readonly day: string;
  /** What the code leads to, and the words beside it. */
  readonly verification: { readonly address: string; readonly label: string };
}

export const paragraph = (text: string): PaperBlock => ({ kind: 'paragraph', text: fullWidth(text) });
export const heading = (text: string): PaperBlock => ({ kind: 'heading', text });
export const facts = (...rows: (readonly [string, string | null | undefined])[]): PaperBlock => ({
  kind: 'facts',
  rows: rows.flatMap(([label, value]) => (value == null || value === '' ? [] : [[label, fullWidth(value)] as const])),
});

/** The full-width forms of U+0021 to U+007E lie this far above them. */
const FULL_WIDTH_OFFSET = 0xfee0;
const BESIDE_CHINESE = /(?<=[\p{Script=Han}“”《》〔〕])[,;:()?!]|[,;:()?!](?=[\p{Script=Han}“《〔])/gu;

/** Chinese text with the punctuation that official documents have (GB/T 15834). */
export function fullWidth(text: string): string {
  return text.replace(BESIDE_CHINESE, (mark) => String.fromCharCode(mark.charCodeAt(0) + FULL_WIDTH_OFFSET));
}

/** 2026年11月24日 */
export function chineseDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}
