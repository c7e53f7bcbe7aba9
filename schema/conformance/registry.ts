import type { Check } from './check.js';
import { ENDPOINT_CHECKS } from './checks/endpoint.js';
import { ENTITY_CHECKS } from './checks/entities.js';
import { ERROR_CHECKS } from './checks/errors.js';
import { FEED_PAGE_CHECKS } from './checks/feed-pages.js';
import { FEED_STREAM_CHECKS } from './checks/feed-stream.js';
import { ILLEGAL_MOVE_CHECKS } from './checks/illegal-moves.js';
import { ITEM_CHECKS } from './checks/items.js';
import { LIMIT_CHECKS } from './checks/limits.js';
import { MOVE_CHECKS } from './checks/moves.js';
import { RECEIVE_CHECKS } from './checks/receive-case.js';
import { SDL_CHECKS } from './checks/sdl.js';
import { SOCKET_CHECKS } from './checks/sockets.js';
import { TOKEN_CHECKS } from './checks/tokens.js';

/** Every check, in the order in which a report tells of them. */
export const CHECKS: readonly Check[] = [
  ...ENDPOINT_CHECKS,
  ...SDL_CHECKS,
  ...ITEM_CHECKS,
  ...ENTITY_CHECKS,
  ...TOKEN_CHECKS,
  ...ERROR_CHECKS,
  ...RECEIVE_CHECKS,
  ...MOVE_CHECKS,
  ...ILLEGAL_MOVE_CHECKS,
  ...FEED_PAGE_CHECKS,
  ...FEED_STREAM_CHECKS,
  ...SOCKET_CHECKS,
  ...LIMIT_CHECKS,
];
