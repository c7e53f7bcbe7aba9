import { connect } from 'node:net';

export const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** Whether a Redis answers here; tests that need one say so in their names when they are skipped. */
export const redisAnswers: boolean = await new Promise((resolve) => {
  const url = new URL(REDIS_URL);
  const socket = connect({ host: url.hostname, port: Number(url.port || 6379) }, () => {
    socket.destroy();
    resolve(true);
  });
  socket.setTimeout(1_000, () => {
    socket.destroy();
    resolve(false);
  });
  socket.on('error', () => resolve(false));
});

export const redisNote = redisAnswers ? '' : ` (skipped: nothing answers at ${new URL(REDIS_URL).host}; set TEST_REDIS_URL)`;
