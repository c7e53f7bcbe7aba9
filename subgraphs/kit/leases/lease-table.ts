import { defineEntity, p } from '@mikro-orm/core';

/** Who does what only one instance may do, and until when. */
export const leases = defineEntity({
  name: 'Lease',
  tableName: 'lease',
  properties: {
    name: p.string().length(48).primary(),
    /** The machine, process and start that has it; see {@link Holder}. */
    holder: p.string().length(96),
    /** Raised each time another holder takes it: who acts with an older one acts no more. */
    token: p.bigint('number'),
    /** By the database's own clock, in milliseconds since 1970: those of instances may differ. */
    until: p.bigint('number'),
  },
});
