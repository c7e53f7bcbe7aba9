import { CataloguedError } from '../../errors/catalogued-error.js';
import { resultMayBeDelivered } from '../rules/delivery-after-result.js';
import { deliveries } from '../store.js';
import { CaseEventKind, type DeliveryChannel } from '../types/case-enums.js';
import { StepKind } from '../types/item-enums.js';
import type { Move } from './move-case.js';
import { recordStep } from './steps.js';

/** Characters. */
const LONGEST_TRACKING_NUMBER = 64;

export function deliverResult(channel: DeliveryChannel, trackingNumber: string | null): Move {
  return (file, made) => {
    resultMayBeDelivered(file);
    if ((trackingNumber?.length ?? 0) > LONGEST_TRACKING_NUMBER)
      throw new CataloguedError('BAD_USER_INPUT', `trackingNumber must have at most ${LONGEST_TRACKING_NUMBER} characters`);
    const { tx, at } = made;
    const step = file.item.approvalFlow.find(({ kind }) => kind === StepKind.DELIVERY);
    if (step !== undefined) recordStep(file, step, made, at);
    const delivery = tx.create(deliveries, { caseNumber: file.number, channel, deliveredAt: at, trackingNumber });
    return { kind: CaseEventKind.DELIVERED, delivery };
  };
}
