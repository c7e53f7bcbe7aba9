import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type PeoplesMove, requireMover } from '../alerts/allowed-moves.js';
import { type MoveRequest, moveAlert } from '../alerts/move-alert.js';
import type { SupervisionContext } from '../context.js';
import type { AlertMoveKind, AlertState } from '../types/enums.js';
import {
  AcknowledgeAlertInput,
  AlertPayload,
  CloseAlertInput,
  EscalateAlertInput,
  IssueCorrectionOrderInput,
  ReplyToCorrectionOrderInput,
} from '../types/inputs.js';

/** Working days that an order may give for its answer. */
const MOST_ORDER_DAYS = 60;

async function moved(
  { supervision, caller }: SupervisionContext,
  move: PeoplesMove,
  request: MoveRequest,
  to: AlertState & AlertMoveKind,
): Promise<AlertPayload> {
  return { alert: (await moveAlert(supervision, caller, move, request, () => ({ kind: to, to }))) as never };
}

@Resolver()
export class AlertMoveResolver {
  @Mutation(() => AlertPayload, { description: '确认预警。Takes an alert up.' })
  acknowledgeAlert(
    @Ctx() context: SupervisionContext,
    @Arg('input', () => AcknowledgeAlertInput) input: AcknowledgeAlertInput,
  ): Promise<AlertPayload> {
    return moved(context, 'acknowledgeAlert', input, 'ACKNOWLEDGED');
  }

  @Mutation(() => AlertPayload, { description: '下达督办,责令部门整改(第三十五条)。Orders the department to correct it (Art. 35).' })
  async issueCorrectionOrder(
    @Ctx() { supervision, caller }: SupervisionContext,
    @Arg('input', () => IssueCorrectionOrderInput) { id, version, demand, days }: IssueCorrectionOrderInput,
  ): Promise<AlertPayload> {
    requireMover(caller, 'issueCorrectionOrder');
    if (days < 1 || days > MOST_ORDER_DAYS)
      throw new CataloguedError('BAD_USER_INPUT', `days must be between 1 and ${MOST_ORDER_DAYS}, not ${days}`, { field: 'days' });
    const calendar = await supervision.calendar.in(supervision.store.fork());
    const alert = await moveAlert(supervision, caller, 'issueCorrectionOrder', { id, version, text: demand }, (_row, now) => ({
      kind: 'CORRECTION_ORDERED',
      to: 'CORRECTION_ORDERED',
      dueAt: calendar.dueAt(now, days),
    }));
    return { alert: alert as never };
  }

  @Mutation(() => AlertPayload, { description: '部门回复督办。The department replies to a correction order.' })
  replyToCorrectionOrder(
    @Ctx() context: SupervisionContext,
    @Arg('input', () => ReplyToCorrectionOrderInput) { id, version, reply }: ReplyToCorrectionOrderInput,
  ): Promise<AlertPayload> {
    return moved(context, 'replyToCorrectionOrder', { id, version, text: reply }, 'REPLIED');
  }

  @Mutation(() => AlertPayload, { description: '办结督办。Closes a correction order that was replied to.' })
  closeCorrectionOrder(
    @Ctx() context: SupervisionContext,
    @Arg('input', () => CloseAlertInput) { id, version, conclusion }: CloseAlertInput,
  ): Promise<AlertPayload> {
    return moved(context, 'closeCorrectionOrder', { id, version, text: conclusion }, 'CLOSED');
  }

  @Mutation(() => AlertPayload, { description: '办结未经督办的预警。Closes an alert that needed no order.' })
  closeAlert(
    @Ctx() context: SupervisionContext,
    @Arg('input', () => CloseAlertInput) { id, version, conclusion }: CloseAlertInput,
  ): Promise<AlertPayload> {
    return moved(context, 'closeAlert', { id, version, text: conclusion }, 'CLOSED');
  }

  @Mutation(() => AlertPayload, { description: '上报审批局(第三十七条)。Passes an alert on to the Bureau (Art. 37).' })
  escalateAlert(
    @Ctx() context: SupervisionContext,
    @Arg('input', () => EscalateAlertInput) { id, version, reason }: EscalateAlertInput,
  ): Promise<AlertPayload> {
    return moved(context, 'escalateAlert', { id, version, text: reason }, 'ESCALATED');
  }
}
