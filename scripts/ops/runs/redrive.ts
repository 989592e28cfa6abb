import type { Message } from "@aws-sdk/client-sqs";
import type { DeployedQueue } from "../queue";
import type { Run } from "./state-machine";

/** The result of a redrive. */
export interface Redriven {
  /** Names of the runs that were started. */
  readonly started: readonly string[];
  /** Deleted messages: their starts were started. */
  readonly done: number;
  /** Messages that are not starts, and why they were left. */
  readonly left: readonly string[];
}

/**
 * Starts the failed starts again: one run for each distinct input in the queues. Failed calls of functions (Lambda's
 * own dead letters) are not starts, and are left.
 */
export async function redriveStarts(
  queues: readonly Pick<DeployedQueue, "receive" | "delete">[],
  machine: { start: (input: string) => Promise<Pick<Run, "name">> },
): Promise<Redriven> {
  const started = new Map<string, string>();
  const left: string[] = [];
  let done = 0;
  for (const queue of queues) {
    for await (const message of queue.receive()) {
      const reason = whyNoStart(message);
      if (reason !== undefined) {
        left.push(reason);
        continue;
      }
      const input = message.Body ?? "{}";
      if (!started.has(input)) started.set(input, (await machine.start(input)).name);
      await queue.delete(message);
      done += 1;
    }
  }
  return { started: [...started.values()], done, left };
}

/** Scheduler and EventBridge name themselves in a message's attributes ("Dead-letter queues" in the guide of each). */
function whyNoStart({ MessageId, MessageAttributes = {} }: Message): string | undefined {
  if ("SCHEDULE_ARN" in MessageAttributes || "RULE_ARN" in MessageAttributes) return undefined;
  const said = MessageAttributes.ErrorMessage?.StringValue ?? "nothing";
  return `${MessageId} came neither from the schedule nor from a rule; its error says ${said}`;
}
