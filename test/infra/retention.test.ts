import { ConfigError } from "../../config/config-error";
import { prod } from "../../config/prod";
import { everyPipeline } from "./support/combinations";
import { someBackend, synthesize } from "./support/synthesize";

const stackWith = (retention: object) =>
  synthesize({ environment: prod, backend: someBackend, overrides: { ...everyPipeline, retention } }).etl;

type Rule = Readonly<Record<string, unknown>>;

function rulesOf(etl: ReturnType<typeof stackWith>, bucket: string): readonly Rule[] {
  const [block] = etl.named("aws_s3_bucket_lifecycle_configuration", `platform_${bucket}_`);
  return block?.arguments.rule as readonly Rule[];
}

const all = { rawDays: 60, incomingDays: 100, rejectedDays: 45, messagesDays: 31, ledgerDays: 400 };

describe("retention", () => {
  test("unset keeps everything: nothing differs from a stack that does not know of it", () => {
    const etl = stackWith({});

    for (const bucket of ["raw", "incoming"]) {
      expect(rulesOf(etl, bucket)).toEqual([
        {
          id: "all",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
          noncurrent_version_expiration: [{ noncurrent_days: 90 }],
          transition: [
            { days: 30, storage_class: "STANDARD_IA" },
            { days: 120, storage_class: "GLACIER_IR" },
          ],
          expiration: [{ expired_object_delete_marker: true }],
        },
      ]);
    }
    expect(etl.only("aws_dynamodb_table")).toMatchObject({ ttl: { attribute_name: "expires", enabled: false } });
    expect(etl.text).not.toMatch(/LEDGER_DAYS|REJECTED_DAYS|REVISION_DAYS/);
  });

  test("deletes objects after their days, older versions as soon, and moves none that are deleted by then", () => {
    const etl = stackWith(all);
    const gone = (days: number) => ({
      expiration: [{ days }],
      noncurrent_version_expiration: [{ noncurrent_days: Math.min(days, 90) }],
    });

    const [raw, ...noMore] = rulesOf(etl, "raw");
    expect(raw).toMatchObject({ ...gone(60), transition: [{ days: 30, storage_class: "STANDARD_IA" }] });
    // Corrected rows go with those that were rejected.
    const corrected = (name: string) => ({
      ...{ id: `${name}/mends`, status: "Enabled", filter: [{ prefix: `${name}/mends/` }] },
      ...gone(45),
    });
    expect(noMore).toEqual(["covid", "import"].map(corrected));
    expect(rulesOf(etl, "incoming")).toEqual([
      expect.objectContaining({ id: "all", ...gone(100) }),
      { id: "rejected", status: "Enabled", filter: [{ prefix: "rejected/" }], ...gone(45) },
      { id: "messages", status: "Enabled", filter: [{ prefix: "messages/" }], ...gone(31) },
    ]);
  });

  test("leaves what deployments run from", () => {
    expect(rulesOf(stackWith(all), "artifacts")).toEqual(rulesOf(stackWith({}), "artifacts"));
  });

  test("lets DynamoDB forget batches by the time that send writes", () => {
    const etl = stackWith(all);
    const [send] = etl.named("aws_lambda_function", "orders_send");

    expect(etl.only("aws_dynamodb_table")).toMatchObject({ ttl: { attribute_name: "expires", enabled: true } });
    expect(send?.arguments.environment).toMatchObject({ variables: { LEDGER_DAYS: "400" } });
  });

  test("tells every step that has the database how long rejected rows are kept", () => {
    const told = stackWith(all)
      .resources("aws_lambda_function")
      // People ask the database by `sql`, pages show what is in it, and `export` copies it: these write nothing there.
      .filter(({ arguments: fn }) => !/^millrace-prod-(sql|pages|export)$/.test(String(fn.function_name)))
      .map(({ arguments: fn }) => (fn.environment as { variables: Record<string, string> }).variables)
      .filter(({ DATABASE_HOST, REVISION_DAYS }) => DATABASE_HOST !== undefined && REVISION_DAYS === undefined);

    expect(told.length).toBeGreaterThan(4);
    expect(new Set(told.map(({ REJECTED_DAYS }) => REJECTED_DAYS))).toEqual(new Set(["45"]));
  });

  test.each([{ revisionDays: 30 }, { rejectedDays: 45 }])(
    "with %j ends rows once a month by a function of its own, whichever pipelines run",
    (retention) => {
      const overrides = { retention, pages: { enabled: false }, pipelines: { covid: { enabled: false } } };
      const { etl } = synthesize({ environment: prod, backend: someBackend, overrides });
      const [fn] = etl.named("aws_lambda_function", "retention_end");

      expect(etl.only("aws_scheduler_schedule")).toMatchObject({
        name: "millrace-prod-retention",
        schedule_expression: "cron(30 1 1 * ? *)",
        state: "ENABLED",
        target: { arn: `\${${fn?.address}.arn}` },
      });
      expect(fn?.arguments.environment).toMatchObject({
        variables: Object.fromEntries(
          Object.entries(retention).map(([key, days]) => [key.replace("Days", "_days").toUpperCase(), String(days)]),
        ),
      });
      const called = etl
        .policies()
        .flatMap(({ statements }) => statements)
        .filter(({ actions }) => actions.includes("lambda:InvokeFunction"));
      expect(called.map(({ resources }) => resources)).toEqual([[`\${${fn?.address}.arn}`]]);
    },
  );

  test("of objects and the ledger alone needs no function", () => {
    const { rejectedDays: _, ...rest } = all;

    expect(stackWith(rest).named("aws_lambda_function", "retention")).toEqual([]);
  });

  test.each([
    [{ rawDays: 44 }, "retention.rawDays: got 44, allowed is a whole number from 45 to 36500"],
    [{ incomingDays: 89 }, "retention.incomingDays: got 89"],
    [{ rejectedDays: 30 }, "retention.rejectedDays: got 30"],
    [{ messagesDays: 30 }, "retention.messagesDays: got 30"],
    [{ ledgerDays: 400 }, "retention.ledgerDays: got 400, allowed is at least retention.incomingDays"],
    [
      { ledgerDays: 400, incomingDays: 401 },
      "retention.ledgerDays: got 400, allowed is at least retention.incomingDays",
    ],
  ])("refuses %j", (retention, message) => {
    expect(() => stackWith(retention)).toThrow(ConfigError);
    expect(() => stackWith(retention)).toThrow(message);
  });
});
