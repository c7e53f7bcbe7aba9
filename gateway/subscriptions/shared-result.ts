/** One result of one operation, written once for all who watch it. */
export class SharedResult {
  /** The result as JSON. */
  readonly json: string;
  /** The event's position, for whoever resumes. */
  readonly cursor: string | undefined;
  readonly #forms = new Map<unknown, string>();

  constructor(json: string, cursor: string | undefined) {
    this.json = json;
    this.cursor = cursor;
  }

  /** The result in the form of one protocol, made when the first watcher needs it and kept for the others. */
  form(key: unknown, make: (result: SharedResult) => string): string {
    let form = this.#forms.get(key);
    if (form === undefined) {
      form = make(this);
      this.#forms.set(key, form);
    }
    return form;
  }
}
