import { createRequire } from 'node:module';
import { join } from 'node:path';

export const REGULAR = 'regular';
export const BOLD = 'bold';

// the package exports its list of fonts only, which lies in the folder beside them
const FONTS = join(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc'), '../../fonts');

/** Noto Sans SC (SIL Open Font License 1.1); of each font, only the characters that a document uses are embedded in it. */
export function registerFonts(pdf: PDFKit.PDFDocument): void {
  pdf.registerFont(REGULAR, join(FONTS, 'NotoSansHans-Regular.otf'));
  pdf.registerFont(BOLD, join(FONTS, 'NotoSansHans-Bold.otf'));
}
