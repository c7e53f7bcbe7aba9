import type { ResponsePath } from '@apollo/query-planner';
import { oneObjectEach } from './one-object.js';
import type { JsonObject } from './own-property.js';
import { objectsAt } from './places.js';
import type { Recognizer } from './representation.js';
import type { Run } from './run.js';

/** Finds the objects at the path of a plan's entity fetches. */
export interface Locator {
  /** In response order, each once however many places it is at. */
  objects(run: Run): readonly JsonObject[];
  /** Has the objects below be looked for anew: something was merged into those at the path. */
  changed(run: Run): void;
}

/**
 * The paths of one plan's entity fetches. What is found at one is kept for the run, and is where the search for those below
 * begins: the nested page of a benchmark has some sixteen fetches, all through the same few lists.
 */
export class Locators {
  readonly #all: PathLocator[] = [];

  /** @param recognize set where rows may be one object. */
  add(path: ResponsePath, recognize: Recognizer | undefined): void {
    if (this.#all.some((known) => known.isAt(path))) return;
    const added = new PathLocator(path, recognize);
    for (const known of this.#all) {
      known.relate(added);
      added.relate(known);
    }
    this.#all.push(added);
  }

  at(path: ResponsePath): Locator {
    const found = this.#all.find((locator) => locator.isAt(path));
    if (found === undefined) throw new Error(`no fetch of the plan is at ${path.join('.')}`);
    return found;
  }
}

class PathLocator implements Locator {
  readonly #path: ResponsePath;
  readonly #recognize: Recognizer | undefined;
  readonly #below: PathLocator[] = [];
  #above: PathLocator | undefined;
  /** Elements from the nearest path above to this one's last field, and that field. */
  #way: ResponsePath;
  #last: string | undefined;

  constructor(path: ResponsePath, recognize: Recognizer | undefined) {
    this.#path = path;
    this.#recognize = recognize;
    [this.#way, this.#last] = divide(path);
  }

  isAt(path: ResponsePath): boolean {
    return path.length === this.#path.length && startsWith(path, this.#path);
  }

  /** Takes note of another path of the plan. */
  relate(other: PathLocator): void {
    const [mine, theirs] = [this.#path, other.#path];
    if (theirs.length > mine.length && startsWith(theirs, mine)) this.#below.push(other);
    const nearest = this.#above === undefined ? 0 : this.#above.#path.length;
    if (theirs.length >= mine.length || theirs.length <= nearest || !startsWith(mine, theirs)) return;
    this.#above = other;
    [this.#way, this.#last] = divide(mine.slice(theirs.length));
  }

  objects(run: Run): readonly JsonObject[] {
    let found = run.found.get(this);
    if (found === undefined) run.found.set(this, (found = this.#find(run)));
    return found;
  }

  changed(run: Run): void {
    for (const locator of this.#below) run.found.delete(locator);
  }

  #find(run: Run): readonly JsonObject[] {
    const from = this.#above === undefined ? [run.data] : this.#above.objects(run);
    if (this.#recognize === undefined || this.#last === undefined) {
      return objectsAt(from, this.#last === undefined ? this.#way : [...this.#way, this.#last], run.shares);
    }
    return oneObjectEach(run, objectsAt(from, this.#way, run.shares), this.#last, this.#recognize);
  }
}

/** A path's way to its last field, and that field; the field is undefined where the path does not end in one and its list. */
function divide(path: ResponsePath): [way: ResponsePath, last: string | undefined] {
  const fields = path.at(-1) === '@' ? path.slice(0, -1) : path;
  const last = fields.at(-1);
  return last === undefined || last === '@' ? [path, undefined] : [fields.slice(0, -1), String(last)];
}

const startsWith = (path: ResponsePath, start: ResponsePath): boolean => start.every((element, index) => path[index] === element);
