import { registerEnumType } from 'type-graphql';

/** How an attempt to publish ended. */
export enum PublicationOutcome {
  PUBLISHED = 'PUBLISHED',
  UNCHANGED = 'UNCHANGED',
  WOULD_PUBLISH = 'WOULD_PUBLISH',
  REFUSED = 'REFUSED',
}
registerEnumType(PublicationOutcome, {
  name: 'PublicationOutcome',
  description: '发布结果。How an attempt to publish ended.',
  valuesConfig: {
    PUBLISHED: { description: '已发布 in force' },
    UNCHANGED: { description: '与现行发布相同 the same is in force already' },
    WOULD_PUBLISH: { description: '仅检查:可以发布 checked only: it would be published' },
    REFUSED: { description: '被拒绝,一切不变 refused; everything is as it was' },
  },
});
