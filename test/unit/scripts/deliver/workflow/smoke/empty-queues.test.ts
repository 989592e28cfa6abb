import { parsePlan } from "../../../../../../scripts/deliver/plan-review/plan";
import { findEmptyQueues } from "../../../../../../scripts/deliver/workflow/smoke/empty-queues";

describe("queues that a plan destroys", () => {
  test("are asked how many messages they hold; those that stay, come or are replaced are not", async () => {
    // Prepare
    const queue = (name: string, ...actions: readonly string[]) => ({
      ...{ address: `aws_sqs_queue.${name}`, mode: "managed", type: "aws_sqs_queue", name },
      change: { actions, before: actions[0] === "create" ? null : { url: `https://sqs/${name}` } },
    });
    const resource_changes = [
      queue("empty", "delete"),
      queue("full", "delete"),
      queue("new", "create"),
      queue("replaced", "delete", "create"),
      queue("kept", "no-op"),
    ];
    const asked: string[] = [];

    // Act
    const empty = await findEmptyQueues(parsePlan({ format_version: "1.2", resource_changes }, "test"), async (url) => {
      asked.push(url);
      return url.endsWith("full") ? 1 : 0;
    });

    // Assess
    expect(empty).toEqual(["aws_sqs_queue.empty"]);
    expect(asked).toEqual(["https://sqs/empty", "https://sqs/full"]);
  });
});
