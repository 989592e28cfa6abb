import type { ChoiceState } from "../../modules/workflow/states";
import { allowed, definitionOf, functionOf, shorten, synth } from "./support/feed";
import type { Template } from "./support/template";

const { etl } = synth();
const steps = ["preflight", "plan", "load", "summarise"] as const;

describe("what it may do", () => {
  test("lists and reads the raw files, writes only manifests, and reads corrected rows of its own", () => {
    const lists = "s3:ListBucket aws_s3_bucket.platform_incoming_bucket";

    const reads = "s3:GetObject aws_s3_bucket.platform_incoming_bucket/import/*";
    expect(allowed(etl, "preflight", "s3:")).toEqual([reads, lists]);
    expect(allowed(etl, "load", "s3:")).toEqual([
      reads,
      "s3:GetObject aws_s3_bucket.platform_raw_bucket/import/mends/*",
      lists,
    ]);
    expect(allowed(etl, "plan", "s3:")).toEqual([
      "s3:GetObject aws_s3_bucket.platform_incoming_bucket/import/*",
      lists,
      "s3:PutObject aws_s3_bucket.platform_raw_bucket/import/manifests/*",
    ]);
    expect(allowed(etl, "summarise", "s3:")).toEqual([]);
  });

  test("reads the one secret in every step", () => {
    for (const step of steps) {
      expect(allowed(etl, step, "secretsmanager:")).toEqual([
        "secretsmanager:GetSecretValue aws_db_instance.database_instance",
      ]);
    }
  });

  test("runs itself, and keeps manifest, failures and results below one prefix", () => {
    expect(allowed(etl, "machine", "states:")).toEqual([
      "states:DescribeExecution execution:millrace-prod-import:*",
      "states:StartExecution stateMachine:millrace-prod-import",
      "states:StopExecution execution:millrace-prod-import:*",
    ]);
    expect(allowed(etl, "machine", "s3:").filter((line) => !/platform_raw_bucket(\/import\/|$)/.test(line))).toEqual(
      [],
    );
    expect(allowed(etl, "machine", "lambda:")).toEqual(
      [...steps.map((step) => `import_${step}`), "pages_render"]
        .map((step) => `lambda:InvokeFunction aws_lambda_function.${step}_function`)
        .sort(),
    );
  });
});

describe("with verdicts", () => {
  const verdicts = "s3:PutObject aws_s3_bucket.platform_incoming_bucket/import/*.verdict.json";
  const writes = (template: Template, role: string) =>
    allowed(template, role, "s3:PutObject").filter((line) => line.includes("incoming"));
  const starts = (template: Template) => definitionOf(template).States["by an object or not"] as ChoiceState;

  test.each([
    ["lambda", "run"],
    ["distributed-map", "summarise"],
  ] as const)(
    "one function writes them alone below the prefix, and no event of one starts a run: %s",
    (engine, step) => {
      const told = synth({ engine, verdicts: true }).etl;
      const others = ["preflight", "plan", "load", "machine"];
      expect(writes(told, step)).toEqual([verdicts]);
      expect(others.flatMap((role) => writes(told, role))).toEqual([]);
      const { variables } = functionOf(told, step).environment as { variables: object };
      expect(variables).toMatchObject({ VERDICT_BUCKET: expect.stringContaining("platform_incoming") });
      const key = "$.detail.object.key";
      const isVerdict = [
        { Variable: key, IsPresent: true },
        { Variable: key, StringMatches: "*.verdict.json" },
      ];
      expect(starts(told).Choices).toEqual([
        { Variable: "$.mend", IsPresent: true, Next: "mend" },
        { Variable: "$.undo", IsPresent: true, Next: "undo" },
        { And: isVerdict, Next: "succeeded" },
        { Variable: "$.detail.object", IsPresent: true, Next: "what is new" },
      ]);

      const untold = synth({ engine }).etl;
      expect(writes(untold, step)).toEqual([]);
      expect(JSON.stringify([functionOf(untold, step), starts(untold)])).not.toMatch(/verdict/i);
    },
  );
});

describe("of several feeds, each", () => {
  const engines = ["lambda", "distributed-map"] as const;
  const names = { sales: "import", readings: "readings" };

  test.each(engines)("keeps what its runs need where no role of another one reaches: %s", (engine) => {
    const both = synth({ engine }, { feeds: { readings: { engine } } }).etl;

    for (const [own, other] of [Object.values(names), Object.values(names).reverse()] as const) {
      const reached = both
        .policies()
        .filter(({ place }) => place.startsWith(`aws_iam_role_policy.${own}_`))
        .flatMap(({ statements }) => statements.flatMap(({ resources }) => resources))
        .map(shorten)
        .filter((at) => at.includes("platform_raw_bucket"));

      expect(reached).toContain(`aws_s3_bucket.platform_raw_bucket/${own}/manifests/*`);
      // The bucket itself is listed by the machine, which is to know that a failure is not there.
      const outside = reached.filter((at) => !at.startsWith(`aws_s3_bucket.platform_raw_bucket/${own}/`));
      expect(outside.filter((at) => at !== "aws_s3_bucket.platform_raw_bucket")).toEqual([]);
      expect(reached.join()).not.toContain(`/${other}/`);
    }
  });
});

describe("a bucket of another owner", () => {
  const keyArn = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const foreign = synth({ source: { bucket: "acme-raw", prefix: "sales/", keyArn } });

  test("is read below the prefix, with its key, and never written", () => {
    expect(allowed(foreign.etl, "plan", "s3:ListBucket")).toEqual(["s3:ListBucket arn:aws:s3:::acme-raw"]);
    expect(allowed(foreign.etl, "load", "s3:GetObject")).toEqual([
      "s3:GetObject arn:aws:s3:::acme-raw/sales/*",
      "s3:GetObject aws_s3_bucket.platform_raw_bucket/import/mends/*",
    ]);
    expect(allowed(foreign.etl, "load", "kms:").join()).toContain("444455556666");
    expect(foreign.etl.text).not.toMatch(/PutObject[^}]*acme-raw/);
  });

  test("is let through by the network's endpoint and the roles' boundary", () => {
    const resources = (place: RegExp) =>
      [foreign.network, foreign["state-backend"]]
        .flatMap((template) => template.policies())
        .filter((policy) => place.test(policy.place))
        .flatMap(({ statements }) => statements.flatMap((statement) => statement.resources));

    for (const place of [/^aws_vpc_endpoint\.network_s3/, /delivery_boundary/]) {
      expect(resources(place)).toEqual(
        expect.arrayContaining([expect.stringMatching(/:::acme-raw$/), expect.stringMatching(/:::acme-raw\/\*$/)]),
      );
    }
    expect(resources(/delivery_boundary/)).toContain(keyArn);
  });
});
