import { readLabels } from "../../../../../scripts/deliver/plan-guard/event-labels";
import { judgePlans } from "../../../../../scripts/deliver/plan-guard/judge-plans";
import { parsePlan } from "../../../../../scripts/deliver/plan-review/plan";
import { recordedFile, recordedPlan } from "../../../../support/plans/recorded-plans";

const nothing = { labels: [], allow: [] };
const database = "aws_db_instance.database_instance_1A2B3C4D";
const bucket = "aws_s3_bucket.import_landing_bucket_2B3C4D5E";

describe("the guard", () => {
  test.each(["create", "update", "empty", "permissions", "sensitive", "too-large"])("lets %s pass", (name) => {
    expect(judgePlans([recordedPlan(name)], nothing)).toEqual({ allowed: [], refused: [], unused: [] });
  });

  test("refuses a database that is replaced and a bucket that is destroyed, and names what is lost", () => {
    const { refused } = judgePlans([recordedPlan("replace-database"), recordedPlan("destroy-bucket")], nothing);

    expect(refused).toEqual([
      { stack: "etl", address: database, verb: "replaced", loss: expect.stringContaining("record"), halfMade: false },
      { stack: "etl", address: bucket, verb: "destroyed", loss: expect.stringContaining("object"), halfMade: false },
    ]);
  });

  test("knows what would be replaced for nothing but that it was left half made", () => {
    const json = {
      format_version: "1.2",
      resource_changes: [
        {
          address: database,
          mode: "managed",
          type: "aws_db_instance",
          name: "d",
          action_reason: "replace_because_tainted",
          change: { actions: ["delete", "create"] },
        },
      ],
    };

    expect(judgePlans([{ stack: "etl", plan: parsePlan(json, "test") }], nothing).refused).toMatchObject([
      { verb: "replaced", halfMade: true },
    ]);
  });

  test("lets the resources go that are named, and no others", () => {
    const plans = [recordedPlan("replace-database"), recordedPlan("destroy-bucket")];
    const { allowed, refused, unused } = judgePlans(plans, { labels: [], allow: [database, "aws_kms_key.other"] });

    expect(allowed.map(({ address }) => address)).toEqual([database]);
    expect(refused.map(({ address }) => address)).toEqual([bucket]);
    expect(unused).toEqual(["aws_kms_key.other"]);
  });

  test("lets all go with the label, and with no other label", () => {
    const plans = [recordedPlan("destroy-bucket")];

    expect(judgePlans(plans, { labels: ["allow-destroy"], allow: [] }).refused).toEqual([]);
    expect(judgePlans(plans, { labels: ["allow-destroyed", "docs"], allow: [] }).refused).toHaveLength(1);
  });

  test.each([
    { queue: "one that was found empty", actions: ["delete"], empty: true, asked: 0 },
    { queue: "one that holds messages, or was not asked", actions: ["delete"], empty: false, asked: 1 },
    { queue: "an empty one that is replaced, so that a message may come", actions: ["delete", "create"], asked: 1 },
  ])("asks for messages, not for queues: $queue", ({ actions, empty = true, asked }) => {
    // Prepare
    const address = "aws_sqs_queue.daily-sales_dead-letters_queue_1A2B3C4D";
    const queue = { address, mode: "managed", type: "aws_sqs_queue", name: "q", change: { actions } };
    const json = { format_version: "1.2", resource_changes: [queue], empty_queues: empty ? [address] : ["other"] };

    // Act
    const { refused } = judgePlans([{ stack: "etl", plan: parsePlan(json, "test") }], nothing);

    // Assess
    expect(refused.map((removal) => removal.address)).toEqual(asked === 0 ? [] : [address]);
  });

  test("has nothing to say of a stack that waits", () => {
    const waiting = { stack: "etl", waiting: { waits_for: "network", missing_outputs: [] } };

    expect(judgePlans([waiting], nothing)).toEqual({ allowed: [], refused: [], unused: [] });
  });
});

describe("labels of an event", () => {
  test("are refused where the file is something else, so that nothing is waved through", () => {
    expect(() => readLabels(recordedFile("create", "review.md"))).toThrow("GitHub's event cannot be read");
  });
});
