/**
 * Ways in which the plain department can be made to break the contract, one switch each, and the check meant to notice.
 * `also` names other MUSTs that can't but fail with it; whatever builds on a failed one is not run.
 */
export interface FaultEffect {
  readonly caught: string;
  readonly also?: readonly string[];
}

const RULES = [
  'unknown-step',
  'step-order',
  'step-twice',
  'finish-unstarted',
  'decide-before-reviews',
  'rule-not-in-force',
  'refusal-reasons',
  'decide-twice',
  'certificate-before-decision',
  'deliver-before-decision',
  'deliver-twice',
  'extend-twice',
  'procedure-not-running',
  'during-procedure',
  'unknown-case',
] as const;
export type Rule = (typeof RULES)[number];

const ignored = Object.fromEntries(RULES.map((rule) => [`ignores ${rule}`, { caught: `moves.${rule}` }])) as Record<
  `ignores ${Rule}`,
  FaultEffect
>;

export const FAULTS = {
  'SDL lacks a member': { caught: 'sdl.contract' },
  'no SDL': { caught: 'sdl.service' },

  'no items': { caught: 'items.declared' },
  'item codes repeat': { caught: 'items.codes-unique' },
  'item of another department': { caught: 'items.department-code' },
  'guide part empty': { caught: 'items.guide-complete' },
  'promised longer than statutory': { caught: 'items.promised-within-statutory' },
  'material codes repeat': { caught: 'items.guide-codes-unique' },
  'guides differ': { caught: 'items.one-guide' },
  'flow without decision': { caught: 'items.flow-and-rules' },
  'rules of two versions': { caught: 'items.rules-one-version' },
  'other department’s items answered': { caught: 'items.wrong-department' },

  'items not answered by key': { caught: 'entities.typename' },
  'entities in wrong order': { caught: 'entities.order', also: ['entities.cases'] },
  'repeated keys answered once': { caught: 'entities.repeats', also: ['limits.thousand-representations'] },
  'unknown key throws': { caught: 'entities.unknown-null' },
  'other department’s items answered by key': { caught: 'entities.foreign-null' },
  'other department’s cases answered by key': { caught: 'entities.cases-foreign-null' },
  'cases not answered by key': { caught: 'entities.cases', also: ['receive.visible'] },
  'types put together': { caught: 'entities.mixed' },
  'empty list refused': { caught: 'entities.empty' },
  'unknown type answered': { caught: 'entities.unknown-type' },

  'token not required': { caught: 'tokens.none' },
  'garbage token accepted': { caught: 'tokens.garbage' },
  'signature not checked': { caught: 'tokens.tampered' },
  'unsigned token accepted': { caught: 'tokens.unsigned' },
  'audience not checked': { caught: 'tokens.other-audience' },
  'expiry not checked': { caught: 'tokens.expired' },
  'token not checked on socket': { caught: 'tokens.socket' },
  'anyone pushes cases': { caught: 'tokens.receive-needs-platform' },
  'anyone reads the feed': { caught: 'tokens.feed-needs-platform' },
  'anyone moves cases': { caught: 'tokens.moves-need-officer' },

  'HTML on errors': { caught: 'errors.json' },
  'errors without a list': { caught: 'errors.shape' },
  'bad requests are 500': { caught: 'errors.status' },
  'stack traces in errors': { caught: 'errors.no-traces' },
  'errors without path': { caught: 'errors.path' },
  'codes of its own': { caught: 'errors.catalogued' },

  'every push refused': { caught: 'receive.accepts' },
  'push not idempotent': { caught: 'receive.idempotent' },
  'push not idempotent at once': { caught: 'receive.concurrent' },
  'received twice': { caught: 'receive.once-in-feed' },
  'time of receipt differs': { caught: 'receive.visible' },
  'due dates required': { caught: 'receive.due-dates-unknown' },
  'rare characters refused': { caught: 'receive.rare-characters' },
  'unknown item received': { caught: 'receive.unknown-item' },
  'mismatching department received': { caught: 'receive.department-mismatch' },
  'other department’s case received': { caught: 'receive.wrong-department' },

  'lawful move refused': { caught: 'moves.life' },
  'move not visible': { caught: 'moves.visible' },
  'steps newest first': { caught: 'moves.steps-in-flow-order' },
  'rules not cited': { caught: 'moves.decision-cites-rules' },
  'event too late': { caught: 'moves.events-in-order' },
  'wrong detail in event': { caught: 'moves.one-detail' },
  'two details in event': { caught: 'moves.one-detail' },
  'event says otherwise': { caught: 'moves.detail-matches' },
  'reasons dropped': { caught: 'moves.refusal' },
  ...ignored,
  'ignores unknown-case': { caught: 'moves.unknown-case', also: ['errors.path'] },
  'refusal without code': { caught: 'moves.step-twice' },
  'other department’s case moved': { caught: 'moves.wrong-department' },
  'illegal move writes event': { caught: 'moves.refused-without-event' },

  'pages refused': { caught: 'feed.page-opens' },
  'cursor ignored by pages': { caught: 'feed.resume-pages' },
  'events out of order': { caught: 'feed.order' },
  'event ids repeat': { caught: 'feed.unique-ids' },
  'events of another department': { caught: 'feed.department-code' },
  'instants without milliseconds': { caught: 'feed.instants' },
  'events change when read': { caught: 'feed.stable' },
  'page size ignored': { caught: 'feed.page-size' },
  'negative page size accepted': { caught: 'feed.page-size-refused' },
  'bad cursor starts over': { caught: 'feed.bad-cursor' },
  'other department’s feed answered': { caught: 'feed.wrong-department' },
  'stream ends at once': { caught: 'feed.subscribe-opens' },
  'cursor ignored by stream': { caught: 'feed.resume-stream' },
  'no live events': { caught: 'feed.live' },
  'live events late': { caught: 'feed.live-prompt' },
  'position before commit': { caught: 'feed.concurrent-writers' },
  'gap after reconnect': { caught: 'feed.no-gap-over-reconnect' },
  'repeat after reconnect': { caught: 'feed.no-repeat-over-reconnect' },
  'bad cursor of stream starts over': { caught: 'feed.bad-cursor-stream' },
  'other department’s stream answered': { caught: 'feed.wrong-department-stream' },

  'no sockets': { caught: 'sockets.opens' },
  'pong missing': { caught: 'sockets.ping' },
  'connection_init not required': { caught: 'sockets.init-required' },
  'any subprotocol served': { caught: 'sockets.subprotocol' },
  'connection_init twice accepted': { caught: 'sockets.init-once' },
  'garbage ignored': { caught: 'sockets.garbage' },
  'duplicate ids accepted': { caught: 'sockets.duplicate-id' },
  'complete ignored': { caught: 'sockets.complete' },
  'ids never free again': { caught: 'sockets.id-again' },
  'wrong subscription closes the socket': { caught: 'sockets.error-message' },

  'representations truncated': { caught: 'limits.thousand-representations' },
  'concurrent requests mixed up': { caught: 'limits.concurrent-requests' },
  'deep query fatal': { caught: 'limits.deep-query' },
  'large query fatal': { caught: 'limits.large-query' },
} as const satisfies Record<string, FaultEffect>;

export type Fault = keyof typeof FAULTS;
export type Faults = ReadonlySet<Fault>;
