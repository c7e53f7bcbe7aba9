/** A wait that can be ended early: how workers rest between two looks. One waits at a time. */
export class Doze {
  #wake: (() => void) | undefined;

  /** Resolves after so many milliseconds, or as soon as it is woken. */
  for(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#wake = done;
    });
  }

  /** Ends the wait under way; without one it does nothing. */
  wake(): void {
    this.#wake?.();
  }
}
