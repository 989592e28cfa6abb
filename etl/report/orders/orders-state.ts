import { amountOf, counted } from "../../core/counted";
import type { PipelineState } from "../index/render-index";
import type { ReportedBatch } from "./orders-page";

/** The line of `orders` in the index. @param batches the latest change first */
export function ordersState(batches: readonly ReportedBatch[]): PipelineState {
  const [newest] = batches;
  if (newest === undefined)
    return { name: "orders", status: "waiting", at: null, succeeded: null, summary: "no batch yet" };
  const sent = batches.filter(({ state, failure }) => state === "sent" && failure === undefined);
  const failed = batches.filter(({ state, failure }) => failure !== undefined || state === "spoilt").length;
  const messages = batches.reduce((sum, batch) => sum + batch.messages, 0);
  return {
    name: "orders",
    status: failed > 0 ? "failed" : newest.state === "sent" ? "succeeded" : newest.state,
    at: newest.changed,
    succeeded: sent[0]?.changed ?? null,
    summary: `${counted(batches.length, "batch", "batches")}, ${failed} of them failed, ${amountOf(messages, "message")}`,
  };
}
