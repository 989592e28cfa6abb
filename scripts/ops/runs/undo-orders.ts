import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { bucketName, resourceName } from "../../../config/names";
import { DynamoDbLedgerStore } from "../../../etl/adapters/aws/dynamodb-ledger-store";
import { S3ObjectStore } from "../../../etl/adapters/s3/object-store";
import { counted } from "../../../etl/core/counted";
import { MillraceError } from "../../../etl/core/errors";
import { BatchStateItem } from "../../../etl/pipelines/orders/ledger/batch-state";
import type { Undo } from "../../../etl/pipelines/orders/ledger/sends";
import { parseSendName, planUndo } from "../../../etl/pipelines/orders/undo/plan-undo";
import { undoEvent } from "../../../etl/pipelines/orders/undo/undo-event";
import { describeCustomers, describePlan, planToJson, statusOf } from "../../run/undo/orders-report";
import { callerOf } from "../caller";
import { onLedger } from "../missing-ledger";
import { DeployedQueue } from "../queue";
import type { Session } from "../session";

interface Wanted {
  readonly dryRun: boolean;
  readonly skipConflicts: boolean;
  readonly cascade: boolean;
}

const POLL_MS = 1_000;
/** Beyond the function's own time: the queue's wait, and a start. */
const GRACE_SECONDS = 120;

/**
 * Plans an undo of a batch's send by its ledger and files, and asks the function that sends to do it, by its queue.
 *
 * @returns the exit code: 1 where nothing is undone, as later sends changed customers
 */
export async function undoOrders(session: Session, name: string, wanted: Wanted): Promise<number> {
  const { config, aws } = session;
  const pipeline = session.pipeline("orders");
  const named = parseSendName(name);
  const queue = await DeployedQueue.find(aws.sqs, pipeline.files ?? "");
  const [, , , , account = ""] = (await queue.arn()).split(":");
  const table = resourceName(config, "orders", "ledger");
  const ledger = new DynamoDbLedgerStore(aws.dynamodb, table);
  const objects = new S3ObjectStore(aws.s3, bucketName(config, "incoming", account));
  const plan = await onLedger(table, () => planUndo({ ...named, cascade: wanted.cascade }, { ledger, objects }));
  for (const line of describeCustomers(plan)) session.tell(line);
  const status = statusOf(plan, wanted);
  if (status === "succeeded") {
    const { batch, send, newest, cascade } = plan;
    const undo = { ...{ batch, send, newest, cascade }, id: randomUUID(), by: (await callerOf(config)) ?? "" };
    await queue.send(undoEvent(undo));
    session.tell(`Asked ${pipeline.name} to undo send ${send} of batch ${batch}, and waiting`);
    const seconds = config.pipelines.orders.steps.send.timeoutSeconds + GRACE_SECONDS;
    await session.waiting(
      () => "the undo goes on in AWS, where its request is in the queue. npm run ops -- logs orders --follow shows it",
      () => untilUndone(ledger, undo, seconds),
    );
  }
  session.show(describePlan(plan, wanted), planToJson(plan, wanted));
  return status === "conflicts" ? 1 : 0;
}

/** @throws MillraceError if it did not come about */
async function untilUndone(ledger: DynamoDbLedgerStore, undo: Undo, seconds: number): Promise<void> {
  const { batch, id, newest } = undo;
  const before = (await BatchStateItem.read(ledger, batch)).state?.failure;
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; await wait(POLL_MS)) {
    const { state, newestSend } = await BatchStateItem.read(ledger, batch);
    if (newestSend?.undo?.id === id) return;
    const fix = "Ask again: the plan is made from what there is then";
    if ((newestSend?.number ?? 0) > newest) {
      throw new MillraceError("Other messages of the batch were sent meanwhile: nothing was undone", {
        ...{ got: `send ${newestSend?.number} of ${batch}`, expected: `${newest} as the newest`, fix },
      });
    }
    if (state?.failure !== undefined && state.failure !== before) {
      throw new MillraceError("The undo failed", { got: state.failure, where: { source: batch } });
    }
  }
  throw new MillraceError("The undo has not come to its end", {
    got: `no sign of it in the ledger after ${counted(seconds, "second")}`,
    where: { source: batch },
    fix: "npm run ops -- logs orders --follow shows what the function does; the request stays in its queue",
  });
}
