import { create } from 'qrcode';

/** A QR code of `side` points, its quiet zone included, with its upper left corner at (x, y). */
export function drawCode(pdf: PDFKit.PDFDocument, text: string, x: number, y: number, side: number): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const quiet = 2;
  const unit = side / (modules.size + 2 * quiet);
  pdf.save().fillColor('#000');
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column) === 1) pdf.rect(x + (column + quiet) * unit, y + (row + quiet) * unit, unit, unit);
    }
  }
  pdf.fill().restore();
}
