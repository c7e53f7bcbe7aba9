import { CataloguedError } from '../../errors/catalogued-error.js';

/** Characters. An opinion or a reason is a paragraph or a few. */
const LONGEST = 5_000;

/** @throws CataloguedError BAD_USER_INPUT when nothing is said, or far too much. */
export function requiredText(name: string, text: string): string {
  const said = text.trim();
  if (said === '') throw new CataloguedError('BAD_USER_INPUT', `${name} must say something`);
  if (said.length > LONGEST) throw new CataloguedError('BAD_USER_INPUT', `${name} must have at most ${LONGEST} characters`);
  return said;
}
