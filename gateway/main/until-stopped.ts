/** Waits for Ctrl-C or a stop from the supervisor, then disposes; a second one ends the process at once. */
export async function untilStopped(running: AsyncDisposable, say: (line: string) => void): Promise<void> {
  const stop = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.resolve(signal);
      process.once(signal, () => process.exit(130));
    });
  }
  const signal = await stop.promise;
  say(`${signal}: stopping, requests under way finish first`);
  await running[Symbol.asyncDispose]();
  say('stopped');
}
