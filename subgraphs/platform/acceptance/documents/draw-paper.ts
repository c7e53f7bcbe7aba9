// oxlint-disable-next-line import/no-named-as-default -- the types know no other export
import PDFDocument from 'pdfkit';
import { drawCode } from './draw-code.js';
import { drawSeal } from './draw-seal.js';
import { BOLD, REGULAR, registerFonts } from './fonts.js';
import { chineseDay, type Paper, type PaperBlock } from './paper.js';

const PAGE = { width: 595.28, height: 841.89 } as const;
const MARGIN = { top: 60, bottom: 66, side: 76 } as const;
const WIDTH = PAGE.width - 2 * MARGIN.side;
const TEXT = 11.5;
const SMALL = 8.5;
const CODE_SIDE = 84;
/** What the seal, the date and the code need at the end. */
const CLOSING = 128;

/**
 * Draws a document as a PDF on A4, with its fonts embedded. The same paper gives the same bytes: nothing in it comes from
 * the moment it is drawn.
 */
export async function drawPaper(paper: Paper): Promise<Uint8Array> {
  const date = new Date(`${paper.day}T00:00:00Z`);
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN.top, bottom: MARGIN.bottom, left: MARGIN.side, right: MARGIN.side },
    bufferPages: true,
    lang: 'zh-CN',
    pdfVersion: '1.7',
    info: { Title: `${paper.title} ${paper.number}`, Author: paper.seal.body, CreationDate: date, ModDate: date },
  });
  const content = collected(pdf);
  registerFonts(pdf);
  drawHead(pdf, paper);
  const tail = tailOf(paper.blocks);
  paper.blocks.forEach((block, index) => {
    // a page that has the seal and nothing else could be put behind any text
    if (index === tail) keepTogether(pdf, heightOf(pdf, paper.blocks.slice(tail)) + CLOSING);
    drawBlock(pdf, block);
  });
  drawClosing(pdf, paper);
  drawEveryPage(pdf, paper);
  pdf.end();
  return content;
}

async function collected(pdf: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of pdf as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function drawHead(pdf: PDFKit.PDFDocument, { form, title, number, addressee }: Paper): void {
  const certificate = form === 'certificate';
  pdf.y = certificate ? 120 : MARGIN.top;
  pdf
    .font(BOLD)
    .fontSize(certificate ? 26 : 20)
    .fillColor('#111')
    .text(title, { align: 'center' });
  pdf.moveDown(0.6);
  pdf
    .font(REGULAR)
    .fontSize(TEXT)
    .text(number, { align: certificate ? 'center' : 'right' });
  pdf.moveDown(certificate ? 2 : 1.2);
  if (addressee !== null) pdf.font(BOLD).text(`${addressee}\uff1a`, { align: 'left' }).moveDown(0.5);
}

const BODY = { width: WIDTH, indent: TEXT * 2, lineGap: 5 };

/** Where the last paragraph begins, with its heading; what ends in a table has none. */
function tailOf(blocks: readonly PaperBlock[]): number {
  const last = blocks.length - 1;
  if (blocks[last]?.kind !== 'paragraph') return blocks.length;
  return blocks[last - 1]?.kind === 'heading' ? last - 1 : last;
}

/** Of paragraphs and headings; never more than half a page, so that a long text begins where there is room. */
function heightOf(pdf: PDFKit.PDFDocument, blocks: readonly PaperBlock[]): number {
  const heights = blocks.map((block) => {
    if (block.kind !== 'paragraph' && block.kind !== 'heading') return 0;
    pdf.font(block.kind === 'heading' ? BOLD : REGULAR).fontSize(TEXT);
    return pdf.heightOfString(block.text, BODY) + TEXT;
  });
  return Math.min(
    heights.reduce((sum, height) => sum + height, 0),
    PAGE.height / 2,
  );
}

function drawBlock(pdf: PDFKit.PDFDocument, block: PaperBlock): void {
  switch (block.kind) {
    case 'paragraph':
      for (const line of block.text.split(/\r?\n/).filter((text) => text.trim() !== ''))
        pdf.font(REGULAR).fontSize(TEXT).text(line.trim(), MARGIN.side, pdf.y, BODY);
      pdf.moveDown(0.5);
      return;
    case 'heading':
      keepTogether(pdf, 60);
      pdf.font(BOLD).fontSize(TEXT).text(block.text, MARGIN.side, pdf.y, { width: WIDTH, lineGap: 4 });
      pdf.moveDown(0.2);
      return;
    case 'facts':
      drawTable(pdf, [{ width: 0.26 }, { width: 0.74 }], block.rows);
      return;
    case 'table':
      drawTable(
        pdf,
        block.columns,
        block.rows,
        block.columns.map(({ title }) => title),
      );
      return;
  }
}

function drawTable(
  pdf: PDFKit.PDFDocument,
  columns: readonly { width: number }[],
  rows: readonly (readonly string[])[],
  titles?: readonly string[],
): void {
  const size = 10.5;
  const pad = 4;
  const gap = 2;
  // the font leaves more room below its characters than above them
  const sink = size * 0.26;
  const draw = (cells: readonly string[], bold: (column: number) => boolean, head?: readonly string[]) => {
    const widths = columns.map(({ width }) => width * WIDTH);
    const heights = cells.map((cell, column) => {
      pdf.font(bold(column) ? BOLD : REGULAR).fontSize(size);
      return pdf.heightOfString(cell, { width: (widths[column] ?? 0) - 2 * pad, lineGap: gap });
    });
    // the last line has no line below to keep away from
    const height = Math.max(...heights) - gap + 2 * pad;
    if (pdf.y + height > PAGE.height - MARGIN.bottom) {
      pdf.addPage();
      if (head !== undefined) draw(head, () => true);
    }
    const top = pdf.y;
    let left: number = MARGIN.side;
    cells.forEach((cell, column) => {
      const width = widths[column] ?? 0;
      pdf.lineWidth(0.6).strokeColor('#666').rect(left, top, width, height).stroke();
      pdf
        .font(bold(column) ? BOLD : REGULAR)
        .fontSize(size)
        .fillColor('#111');
      pdf.text(cell, left + pad, top + pad + sink, { width: width - 2 * pad, lineGap: gap });
      left += width;
    });
    pdf.x = MARGIN.side;
    pdf.y = top + height;
  };
  if (titles !== undefined) draw(titles, () => true);
  for (const row of rows) draw(row, (column) => titles === undefined && column === 0, titles);
  pdf.moveDown(0.8);
}

function keepTogether(pdf: PDFKit.PDFDocument, height: number): void {
  if (pdf.y + height > PAGE.height - MARGIN.bottom) pdf.addPage();
}

function drawClosing(pdf: PDFKit.PDFDocument, { seal, day, verification }: Paper): void {
  keepTogether(pdf, CLOSING);
  const top = pdf.y + 8;
  drawCode(pdf, verification.address, MARGIN.side, top + 8, CODE_SIDE);
  pdf.font(REGULAR).fontSize(SMALL).fillColor('#444');
  pdf.text(verification.label, MARGIN.side, top + 8 + CODE_SIDE + 2, { width: CODE_SIDE + 90 });
  const right = { width: 200, align: 'center' } as const;
  const left = PAGE.width - MARGIN.side - right.width;
  pdf.font(REGULAR).fontSize(TEXT).fillColor('#111');
  pdf.text(seal.body, left, top + 40, right);
  pdf.text(chineseDay(day), left, top + 62, right);
  drawSeal(pdf, seal, left + right.width / 2, top + 58);
}

/** What every page has: that it is a demonstration, and which page it is. */
function drawEveryPage(pdf: PDFKit.PDFDocument, { form, number }: Paper): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page);
    // text below the margin would open another page
    pdf.page.margins.bottom = 0;
    pdf.save().rotate(-35, { origin: [PAGE.width / 2, PAGE.height / 2] });
    pdf.font(BOLD).fontSize(96).fillColor('#999').fillOpacity(0.09);
    pdf.text('演示样张', 0, PAGE.height / 2 - 60, { width: PAGE.width, align: 'center', lineBreak: false });
    pdf.restore().fillOpacity(1);
    if (form === 'certificate') {
      pdf
        .lineWidth(2.4)
        .strokeColor('#b08d3c')
        .rect(36, 36, PAGE.width - 72, PAGE.height - 72)
        .stroke();
      pdf
        .lineWidth(0.8)
        .rect(43, 43, PAGE.width - 86, PAGE.height - 86)
        .stroke();
    }
    pdf.font(REGULAR).fontSize(SMALL).fillColor('#666');
    const footer = `${number}  第 ${page - start + 1} 页 共 ${count} 页`;
    pdf.text(footer, MARGIN.side, PAGE.height - 58, { width: WIDTH, align: 'center', lineBreak: false });
  }
}
