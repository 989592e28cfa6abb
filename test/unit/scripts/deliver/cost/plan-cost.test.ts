import { describeCost } from "../../../../../scripts/deliver/cost/describe-cost";
import { planCost, sumCosts } from "../../../../../scripts/deliver/cost/plan-cost";
import type { StackPlan } from "../../../../../scripts/deliver/plan-review/stack-plan";
import { changeOf, type MadeUpChange, planOf } from "../../../../support/plans/made-up-plan";

const describePlans = (...stacks: readonly StackPlan[]) =>
  describeCost(sumCosts(stacks.flatMap(({ plan }) => plan ?? []).map(planCost)), (text) => text);
const inRegion = (region: string | undefined, ...changes: readonly MadeUpChange[]) =>
  describePlans(planOf(changes, region));
const inVirginia = (...changes: readonly MadeUpChange[]) => inRegion("us-east-1", ...changes);

const endpoint = { vpc_endpoint_type: "Interface", subnet_ids: ["subnet-1", "subnet-2"] };
const database = {
  ...{ instance_class: "db.t4g.micro", allocated_storage: 20, storage_type: "gp3", multi_az: false },
  ...{ backup_retention_period: 1, manage_master_user_password: true, monitoring_interval: 0 },
};

describe("what a plan costs", () => {
  test("is said in a sum and a line for each kind, the largest first", () => {
    const lines = inVirginia(
      changeOf("aws_db_instance", null, database),
      changeOf("aws_vpc_endpoint", null, endpoint),
      changeOf("aws_vpc_endpoint", null, { vpc_endpoint_type: "Gateway" }, "s3"),
      changeOf("aws_cloudwatch_metric_alarm", null, {}, "a"),
      changeOf("aws_cloudwatch_metric_alarm", null, { metric_query: [{ metric: [{}] }, { metric: [{}] }, {}] }, "b"),
      changeOf("aws_iam_role", null, {}),
    );

    expect(lines).toEqual([
      "Cost while idle: about +29.28 USD a month",
      "+14.60 USD a month: interface endpoint in 2 zones",
      "+11.68 USD a month: RDS instance db.t4g.micro, one zone",
      "+2.30 USD a month: RDS storage 20 GiB, one zone",
      "+0.40 USD a month: database secret",
      "+0.30 USD a month: alarm (2)",
      "Paid by use: about +0.01 USD a month for the use that docs/costs.md assumes (endpoint data +0.01)",
      "List prices of November 2026, before tax and free tier: docs/costs.md; us-east-1's",
    ]);
  });

  test.each([
    [
      "instance_class",
      "db.t4g.small",
      "+11.68 USD a month: RDS instance db.t4g.micro, one zone → db.t4g.small, one zone",
    ],
    ["allocated_storage", 50, "+3.45 USD a month: RDS storage 20 GiB, one zone → 50 GiB, one zone"],
    ["multi_az", true, "+11.68 USD a month: RDS instance db.t4g.micro, one zone → db.t4g.micro, two zones"],
    ["manage_master_user_password", false, "-0.40 USD a month: database secret"],
    ["backup_retention_period", 35, "RDS backups 1 day → 35 days +0.38"],
    ["monitoring_interval", 60, "enhanced monitoring +0.15"],
  ])("is the difference if %s becomes %s", (name, value, line) => {
    const lines = inVirginia(changeOf("aws_db_instance", database, { ...database, [name]: value }));

    expect(lines.join("\n")).toContain(line);
  });

  test("is less where something is removed", () => {
    expect(inVirginia(changeOf("aws_nat_gateway", {}, null)).slice(0, 2)).toEqual([
      "Cost while idle: about -32.85 USD a month",
      "-32.85 USD a month: NAT gateway",
    ]);
  });

  test("counts both where a resource is replaced, and what Terraform forgets as a continuing cost", () => {
    const forgotten = changeOf("aws_db_instance", database, null);
    const kept = { ...forgotten, change: { ...forgotten.change, actions: ["forget"] } };
    const replaced = changeOf("aws_db_instance", database, database);
    const doubled = { ...replaced, change: { ...replaced.change, actions: ["create", "forget"] } };

    expect(inVirginia(kept)).toEqual(["Cost while idle: no change"]);
    expect(inVirginia(doubled)[0]).toBe("Cost while idle: about +14.38 USD a month");
    expect(inVirginia({ ...replaced, change: { ...replaced.change, actions: ["delete", "create"] } })).toEqual([
      "Cost while idle: no change",
    ]);
  });

  test("names what has no price, and never counts it as free", () => {
    const lines = inVirginia(
      changeOf("aws_lb", null, {}),
      changeOf("aws_lb", null, {}, "y"),
      changeOf("aws_db_instance", null, { ...database, instance_class: "db.x2g.large" }),
      changeOf("aws_dynamodb_table", null, { billing_mode: "PROVISIONED" }),
      changeOf("aws_db_instance", { ...database, storage_type: "io1" }, { ...database, storage_type: "io1" }, "same"),
    );

    expect(lines).toContain(
      "Not priced, and not counted: aws_lb (2), RDS db.x2g.large, DynamoDB with provisioned capacity",
    );
    expect(lines[0]).toBe("Cost while idle: about +2.70 USD a month");
    expect(inVirginia(changeOf("aws_lb", {}, { idle_timeout: 60 }))).toContain("Not priced, and not counted: aws_lb");
    expect(inVirginia(changeOf("aws_lb", {}, null))).toContain("Not priced, and not counted: aws_lb");
    expect(inVirginia(changeOf("aws_vpc_endpoint", null, { subnet_ids: 5 }))).toContain(
      "Not priced, and not counted: aws_vpc_endpoint",
    );
  });

  test("has the region's prices, and says where it has none", () => {
    const changes = [changeOf("aws_vpc_endpoint", null, endpoint), changeOf("aws_db_instance", null, database)];
    const last = (region: string | undefined, more: object = {}) =>
      inRegion(region, ...changes, changeOf("aws_db_instance", null, { ...database, ...more }, "y")).at(-1);

    expect(inRegion("eu-central-1", ...changes)).toContain("+17.52 USD a month: interface endpoint in 2 zones");
    expect(last("eu-central-1")).toMatch(/; eu-central-1's$/);
    expect(last("eu-central-1", { instance_class: "db.t4g.small" })).toMatch(
      /; eu-central-1's, but us-east-1's of RDS db\.t4g\.small$/,
    );
    expect(last("ap-south-1")).toMatch(/; us-east-1's, because the table has none of ap-south-1$/);
    expect(last(undefined)).toMatch(/; us-east-1's, because the plan names no region$/);
  });

  test("compares no prices of two regions, and nothing with an unknown price", () => {
    const to = (after: object) =>
      inRegion("eu-central-1", changeOf("aws_db_instance", database, { ...database, ...after }));

    expect(to({ instance_class: "db.t4g.small" })).toEqual([
      "Cost while idle: about +11.68 USD a month",
      "+11.68 USD a month: RDS instance db.t4g.micro, one zone → db.t4g.small, one zone",
      expect.stringMatching(/us-east-1's of RDS db\.t4g\.small$/),
    ]);
    expect(to({ storage_type: "io1" })).toEqual([
      "Cost while idle: no known change",
      "Not priced, and not counted: RDS storage io1",
    ]);
  });

  test("counts the subnets that the same plan creates", () => {
    const subnets = [0, 1, 2].flatMap((n) => [`aws_subnet.private-${n}_1A.id`, `aws_subnet.private-${n}_1A`]);
    const expressions = { subnet_ids: { references: subnets } };
    const plan = planOf([changeOf("aws_vpc_endpoint", null, { vpc_endpoint_type: "Interface" })], "us-east-1", {
      resources: [{ address: "aws_vpc_endpoint.x", expressions }],
    });

    expect(describePlans(plan)).toContain("+21.90 USD a month: interface endpoint in 3 zones");
  });

  test("adds the plans of several stacks up, and cuts long lists", () => {
    const classes = ["micro", "small", "medium"].flatMap((size) => [false, true].map((multi_az) => [size, multi_az]));
    const databases = classes.map(([size, multi_az], n) =>
      changeOf("aws_db_instance", null, { ...database, instance_class: `db.t4g.${size}`, multi_az }, `d${n}`),
    );

    const lines = describePlans(
      planOf(databases, "us-east-1"),
      planOf([changeOf("aws_kms_key", null, {})], "us-east-1"),
    );

    const amounts = lines.filter((line) => /USD a month: /.test(line));
    expect(amounts).toHaveLength(8);
    expect(amounts.at(-1)).toBe("+10.30 USD a month: 3 others, each less");
    expect(lines[0]).toBe("Cost while idle: about +271.57 USD a month");
  });
});
