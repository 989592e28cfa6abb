import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { UsageError } from "../../../etl/core/errors";
import { parseSendName, planUndo } from "../../../etl/pipelines/orders/undo/plan-undo";
import { undoBatch } from "../../../etl/pipelines/orders/undo/undo-batch";
import { onStop } from "../on-stop";
import { describeCustomers, describePlan, statusOf, type UndoAsked } from "../undo/orders-report";
import { LOCAL_WORKER, openOrders } from "./open-orders";

interface Wanted extends UndoAsked {
  readonly cascade: boolean;
  /** Default: the made-up samples. */
  readonly folder?: string;
}

/**
 * Undoes a send of a batch: its messages go to standard output, all else to standard error.
 *
 * @returns the exit code: 1 where nothing is undone, as later sends changed customers
 */
export async function undoOrdersHere(name: string, { folder, cascade, ...asked }: Wanted): Promise<number> {
  const named = parseSendName(name);
  const { ports, close } = await openOrders(folder, { quiet: true });
  let left = "nothing was undone. The same command starts over";
  const release = onStop(() => console.error(`Stopped: ${left}`));
  try {
    const plan = await planUndo({ ...named, cascade }, ports);
    for (const line of describeCustomers(plan)) console.error(line);
    const status = statusOf(plan, asked);
    if (status === "succeeded") {
      const { batch, send, newest } = plan;
      const undo = {
        ...{ batch, send, newest, cascade },
        id: randomUUID(),
        by: `${userInfo().username}@${hostname()}`,
      };
      left =
        "messages that were printed stay; npm run etl -- orders with this folder goes on with an undo that had begun";
      const outcome = await undoBatch(undo, ports, LOCAL_WORKER);
      if (outcome.status === "refused") throw new UsageError(outcome.reason);
    }
    release();
    console.error(describePlan(plan, asked));
    return status === "conflicts" ? 1 : 0;
  } finally {
    release();
    await close();
  }
}
