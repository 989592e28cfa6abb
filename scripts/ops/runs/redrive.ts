import type { Message } from "@aws-sdk/client-sqs";
import type { DeployedQueue } from "../queue";
import type { Run } from "./state-machine";

/** What became of dead-letter queues. */
export interface Redriven {
  /** Names of the runs that were started. */
  readonly started: readonly string[];
  /** Messages that were deleted: what they asked for is started. */
  readonly done: number;
  /** Messages that are no starts, and why they were left. */
  readonly left: readonly string[];
}

/**
 * Starts what could not be started: one run for each input that lies in the queues, however often it lies there. Calls of
 * functions that failed (Lambda's own dead letters) are no starts, and are left.
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
