import { GetQueueAttributesCommand, QueueDoesNotExist, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { changeKind } from "../../plan-review/change-kind";
import type { Plan } from "../../plan-review/plan";

const queueSchema = z.object({ url: z.string() });

/** The addresses of queues that a plan would destroy and that are empty now. */
export async function findEmptyQueues(
  { resource_changes }: Plan,
  countMessages: (url: string) => Promise<number>,
): Promise<readonly string[]> {
  const empty: string[] = [];
  for (const resource of resource_changes) {
    if (resource.type !== "aws_sqs_queue" || changeKind(resource) !== "destroy") continue;
    if ((await countMessages(queueSchema.parse(resource.change.before).url)) === 0) empty.push(resource.address);
  }
  return empty;
}

/** The approximate number of messages in a queue: waiting, received and delayed ones. */
export async function countMessages(sqs: SQSClient, url: string): Promise<number> {
  try {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: [
          "ApproximateNumberOfMessages",
          "ApproximateNumberOfMessagesNotVisible",
          "ApproximateNumberOfMessagesDelayed",
        ],
      }),
    );
    return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return 0;
    throw error;
  }
}
