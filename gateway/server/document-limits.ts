import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';

/** Tokens in one document: twenty times a large page's query, and few enough that validation, quadratic in places, stays quick. */
export const MAX_TOKENS = 5_000;
/** Levels of braces, brackets and parentheses in a document, or of objects and arrays in variables. The parser and everything after it recurse per level. */
export const MAX_NESTING = 100;

/** @throws CataloguedError OPERATION_TOO_LARGE before a parser sees a document that nests too deeply. */
export function refuseDeepNesting(text: string, what: 'document' | 'body'): void {
  if (nestsDeeperThan(text, MAX_NESTING, what === 'document')) {
    throw new CataloguedError('OPERATION_TOO_LARGE', `the ${what} nests more than ${MAX_NESTING} levels deep`, {
      limit: MAX_NESTING,
      http: { status: 400 },
    });
  }
}

const QUOTE = 34;
const HASH = 35;
const BACKSLASH = 92;
const LINE_ENDS = new Set([10, 13]);
const OPENING = new Set([40, 91, 123]);
const CLOSING = new Set([41, 93, 125]);

/** Counts brackets outside strings (and outside comments, which JSON does not have) without recursion. */
function nestsDeeperThan(text: string, limit: number, comments: boolean): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (OPENING.has(code)) {
      if (++depth > limit) return true;
    } else if (CLOSING.has(code)) {
      depth--;
    } else if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (comments && code === HASH) {
      while (at < text.length && !LINE_ENDS.has(text.charCodeAt(at))) at++;
    }
  }
  return false;
}

/** The index of a string's closing quote; the end of the text for one that is never closed. */
function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) {
    let end = text.indexOf('"""', start + 3);
    while (end > 0 && text.charCodeAt(end - 1) === BACKSLASH) end = text.indexOf('"""', end + 3);
    return end < 0 ? text.length : end + 2;
  }
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    // an unclosed string ends with its line: what follows is a syntax error, but must still be counted
    else if (code === QUOTE || LINE_ENDS.has(code)) return at;
  }
  return text.length;
}
