import { parsePlan } from "../../../../../scripts/deliver/plan-review/plan";
import { renderReview } from "../../../../../scripts/deliver/plan-review/render/render-review";
import { reviewStack } from "../../../../../scripts/deliver/plan-review/review-stack";
import { recordedPlan } from "../../../../support/plans/recorded-plans";

const noise = [{ type: "aws_sqs_queue", attribute: "tags", reason: "the emulator forgets it" }];

function planOf(resource: object, more: object = {}) {
  const resource_changes = [{ mode: "managed", name: "role_policy_1A2B3C4D", ...resource }];
  return { stack: "etl", plan: parsePlan({ format_version: "1.2", resource_changes, ...more }, "test") };
}

describe("stacks that wait", () => {
  test("say for which stack, beside the plan of that one", () => {
    const waiting = { stack: "etl", waiting: { waits_for: "network", missing_outputs: [] } };
    const review = renderReview("Plan", [
      reviewStack({ ...recordedPlan("create"), stack: "network" }),
      reviewStack(waiting),
    ]);

    expect(review).toContain("> **etl** is not planned: **network** is not deployed yet.");
    expect(review).toContain("### Changes: 5 create");
  });

  test("name the outputs that they wait for, even when nothing else changes", () => {
    const waiting = { stack: "etl", waiting: { waits_for: "network", missing_outputs: ["new_output"] } };

    expect(renderReview("Plan", [reviewStack(recordedPlan("empty")), reviewStack(waiting)])).toContain("`new_output`");
  });
});

describe("known noise", () => {
  const update = (before: object, after: object) =>
    planOf({
      address: "aws_sqs_queue.q",
      type: "aws_sqs_queue",
      change: { actions: ["update"], before, after },
    });

  test("is folded with its reason when it is all that an update does", () => {
    const review = reviewStack(update({ tags: { a: "1" } }, { tags: {} }), noise);

    expect(review.changes).toEqual([]);
    expect(review.noise).toMatchObject([{ address: "aws_sqs_queue.q", noise: "the emulator forgets it" }]);
  });

  test("hides no other change of the update, and no deleted resource", () => {
    const both = reviewStack(update({ tags: { a: "1" }, delay: 1 }, { tags: {}, delay: 2 }), noise);
    const gone = reviewStack(
      planOf({
        address: "aws_sqs_queue.q",
        type: "aws_sqs_queue",
        change: { actions: ["delete"], before: { tags: {} } },
      }),
      noise,
    );

    expect(both.changes).toHaveLength(1);
    expect(gone.changes).toMatchObject([{ kind: "destroy", loss: expect.stringContaining("messages") }]);
  });

  test("is a policy that is spelled differently", () => {
    const policy = (Action: unknown) => JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
    const same = reviewStack(update({ policy: policy("sqs:A") }, { policy: policy(["sqs:A"]) }));
    const other = reviewStack(update({ policy: policy("sqs:A") }, { policy: policy(["sqs:B"]) }), [
      { type: "aws_sqs_queue", attribute: "policy", reason: "cannot be folded away" },
    ]);

    expect(same.noise).toMatchObject([{ noise: "the policy means the same" }]);
    expect(other.changes).toHaveLength(1);
  });
});

describe("a policy that only the apply will know", () => {
  test("is compared by the document that it comes from", () => {
    const address = "aws_iam_role_policy.role_policy_1A2B3C4D";
    const document = "data.aws_iam_policy_document.document";
    const before = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:old" }] });
    const statement = [{ effect: "Allow", actions: ["s3:GetObject", "s3:DeleteObject"], resources: [null] }];
    const plan = parsePlan(
      {
        format_version: "1.2",
        resource_changes: [
          {
            address: document,
            mode: "data",
            type: "aws_iam_policy_document",
            name: "document",
            change: {
              actions: ["read"],
              before: null,
              after: { statement },
              after_unknown: { json: true, statement: [{ resources: [true] }] },
            },
          },
          {
            address,
            mode: "managed",
            type: "aws_iam_role_policy",
            name: "role_policy_1A2B3C4D",
            change: { actions: ["update"], before: { policy: before }, after: {}, after_unknown: { policy: true } },
          },
        ],
        configuration: {
          root_module: {
            resources: [{ address, expressions: { policy: { references: [`${document}.json`, document] } } }],
          },
        },
      },
      "test",
    );

    expect(reviewStack({ stack: "etl", plan }).changes).toMatchObject([
      {
        access: [
          "  Allow",
          "    action s3:GetObject",
          "-   resource arn:old",
          "+   action s3:DeleteObject",
          "+   resource (known after apply)",
        ],
      },
    ]);
  });
});

describe("a plan that cannot be reviewed", () => {
  test.each([
    [{ resource_changes: [] }, "format_version"],
    [{ format_version: "2.0" }, "format_version"],
    [{ format_version: "1.2", errored: true }, "could not finish"],
    ["text", "the whole file"],
  ])("%j is refused: %s", (json, message) => {
    expect(() => parsePlan(json, "etl.json")).toThrow(message);
  });

  test("because of an action that is not known here", () => {
    const change = { actions: ["teleport"], before: {}, after: {} };

    expect(() => reviewStack(planOf({ address: "a.b", type: "a", change }))).toThrow("teleport");
  });
});
