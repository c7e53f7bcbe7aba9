import { BOLD } from './fonts.js';
import type { PaperSeal } from './paper.js';

const RED = '#c81e1e';
/** Degrees between two characters on the rim, at most, and over how many the rim is written. */
const WIDEST_STEP = 24;
const WIDEST_ARC = 250;

/** A round seal of 42 mm, as the standard for official seals has it, marked 演示: this one binds nobody. */
export function drawSeal(pdf: PDFKit.PDFDocument, { body, purpose }: PaperSeal, x: number, y: number): void {
  const radius = 59.5;
  pdf.save().translate(x, y).fillColor(RED).strokeColor(RED).fillOpacity(0.82).strokeOpacity(0.82);
  pdf.lineWidth(2.6).circle(0, 0, radius).stroke();
  drawStar(pdf, 17);
  const characters = Array.from(body);
  const step = Math.min(WIDEST_STEP, WIDEST_ARC / Math.max(1, characters.length - 1));
  const size = Math.min(15, step * 0.9);
  pdf.font(BOLD).fontSize(size);
  characters.forEach((character, index) => {
    pdf.save().rotate((index - (characters.length - 1) / 2) * step, { origin: [0, 0] });
    pdf.text(character, -size, -radius + 6, { width: size * 2, align: 'center', lineBreak: false });
    pdf.restore();
  });
  pdf.fontSize(10.5).text(purpose, -radius, 24, { width: radius * 2, align: 'center', lineBreak: false });
  pdf.fontSize(8).text('(演示)', -radius, 38, { width: radius * 2, align: 'center', lineBreak: false });
  pdf.restore();
}

function drawStar(pdf: PDFKit.PDFDocument, radius: number): void {
  const points = Array.from({ length: 10 }, (_, index): [number, number] => {
    const distance = index % 2 === 0 ? radius : radius * 0.382;
    const angle = (index * Math.PI) / 5 - Math.PI / 2;
    return [Math.cos(angle) * distance, Math.sin(angle) * distance];
  });
  pdf.polygon(...points).fill();
}
