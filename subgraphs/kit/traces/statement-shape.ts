/** Statements that are told apart; a store has few, unless somebody writes values into them. */
const REMEMBERED = 1_000;

const shapes = new Map<string, StatementShape>();

export interface StatementShape {
  /** What it does and to which table: `select case_file`. */
  readonly summary: string;
  readonly operation: string;
  /** The statement without a value in it, and with lists of any length alike. */
  readonly text: string;
}

/** What a statement is, whatever it is about. */
export function shapeOf(sql: string): StatementShape {
  let shape = shapes.get(sql);
  if (shape === undefined) {
    if (shapes.size >= REMEMBERED) shapes.clear();
    shape = read(sql);
    shapes.set(sql, shape);
  }
  return shape;
}

function read(sql: string): StatementShape {
  const text = sql
    .replace(/'(?:[^'\\]|''|\\.)*'/g, '?')
    .replace(/(?<![\w`"])-?\d+(?:\.\d+)?\b/g, '?')
    .replace(/\?(?:\s*,\s*\?)+/g, '?, …')
    .replace(/\(\?(?:, …)?\)(?:\s*,\s*\(\?(?:, …)?\))+/g, '(?, …), …')
    .trim();
  const operation = (/^\w+/.exec(text)?.[0] ?? 'statement').toLowerCase();
  const table = /\b(?:from|into|update|table)\s+[`"]?(\w+)/i.exec(text)?.[1];
  return { operation, text, summary: table === undefined ? operation : `${operation} ${table}` };
}
