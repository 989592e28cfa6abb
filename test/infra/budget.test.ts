import { synthesizeShipped } from "./support/synthesize";

const stackWith = (budget: object) => synthesizeShipped({ overrides: { budget } as never }).etl;

describe("budget.monthlyUsd", () => {
  test("tells the topic at 80 %, at 100 %, and where 100 % is forecast", () => {
    const etl = stackWith({ monthlyUsd: 120 });

    const budget = etl.only("aws_budgets_budget");
    expect(budget).toMatchObject({
      name: "millrace-dev-monthly",
      limit_amount: "120",
      limit_unit: "USD",
      time_unit: "MONTHLY",
    });
    expect(budget).not.toHaveProperty("cost_filter");
    const topic = [expect.stringMatching(/^\$\{aws_sns_topic\.platform_topic_\w+\.arn\}$/)];
    expect(budget.notification).toEqual([
      expect.objectContaining({ notification_type: "ACTUAL", threshold: 80, subscriber_sns_topic_arns: topic }),
      expect.objectContaining({ notification_type: "ACTUAL", threshold: 100, subscriber_sns_topic_arns: topic }),
      expect.objectContaining({ notification_type: "FORECASTED", threshold: 100, subscriber_sns_topic_arns: topic }),
    ]);
    expect(budget.depends_on).toEqual([expect.stringMatching(/^aws_sns_topic_policy\.platform_topic_/)]);
  });

  test("lets AWS Budgets publish and use the topic's key, of this account only", () => {
    const statements = (etl: ReturnType<typeof stackWith>) =>
      etl
        .policies()
        .flatMap(({ statements }) => statements)
        .filter(({ principals }) => principals.includes("Service:budgets.amazonaws.com"));

    const allowed = statements(stackWith({ monthlyUsd: 120 }));
    expect(allowed.map(({ actions }) => actions)).toEqual(
      expect.arrayContaining([["sns:Publish"], ["kms:Decrypt", "kms:GenerateDataKey"]]),
    );
    for (const { conditions } of allowed) expect(conditions).toHaveProperty(["StringEquals", "aws:SourceAccount"]);
    expect(statements(stackWith({}))).toEqual([]);
  });

  test("counts what has the project's tag only where that is asked for", () => {
    expect(stackWith({ monthlyUsd: 120, byTag: true }).only("aws_budgets_budget")).toMatchObject({
      cost_filter: [{ name: "TagKeyValue", values: ["user:Project$millrace"] }],
    });
  });

  test("unset makes nothing", () => {
    expect(stackWith({}).resources("aws_budgets_budget")).toEqual([]);
  });
});
