import { readdirSync } from "node:fs";
import { join } from "node:path";
import { prod } from "../../config/prod";
import { contracts } from "../../etl/feeds/feeds";
import { combinations, existingDatabase } from "./support/combinations";
import { allowed, definitionOf, functionOf, moved, synth } from "./support/feed";
import { someBackend, synthesize } from "./support/synthesize";
import type { Template } from "./support/template";

const { etl } = synth();
const steps = ["preflight", "plan", "load", "summarise"] as const;

describe("a feed", () => {
  test.each([{}, { feeds: { sales: { ...moved, enabled: false } } }])(
    "is deployed only where it is: %j",
    (overrides) => {
      const off = synthesize({ environment: prod, backend: someBackend, overrides }).etl;
      const added = etl.addresses().filter((address) => !off.addresses().includes(address));

      expect(off.addresses().filter((address) => address.includes("import"))).toEqual([]);
      expect(added.length).toBeGreaterThan(50);
      expect(added.filter((address) => !/\.(import_|database_security-group_from-)/.test(address))).toEqual([]);
    },
  );

  test.each(combinations)(
    "runs in the network and reaches the database by one rule: $name",
    ({ overrides, database }) => {
      const template = synth({}, overrides).etl;
      const groups = template.named("aws_security_group", "import_");
      const rules = template.named("aws_vpc_security_group_egress_rule", "import_").map(({ arguments: rule }) => rule);
      const { database_rule_millrace_prod_import_steps: rule } = template.outputs();

      expect(groups).toHaveLength(1);
      expect(rules.map(({ from_port: port }) => port).sort()).toEqual([443, 443, 5432]);
      for (const step of steps) {
        expect(functionOf(template, step).vpc_config).toMatchObject({
          subnet_ids: [expect.any(String), expect.any(String)],
          security_group_ids: [`\${${groups[0]?.address}.id}`],
        });
      }
      if (database === "database create") expect(rule).toBeUndefined();
      else expect(rule?.value).toBe(`sg-0a1b2c3d4e5f60718: TCP 5432 from \${${groups[0]?.address}.id}`);
    },
  );

  test("tells each step what the configuration says", () => {
    const variables = (step: string) => (functionOf(etl, step).environment as { variables: object }).variables;

    for (const step of steps) expect(variables(step)).toMatchObject({ FEED: "sales", DATABASE_PORT: "5432" });
    expect(variables("plan")).toMatchObject({
      SOURCE_BUCKET: expect.stringContaining("aws_s3_bucket.platform_incoming"),
      SOURCE_PREFIX: "import/",
      MANIFEST_BUCKET: expect.stringContaining("aws_s3_bucket.platform_raw"),
      MANIFEST_PREFIX: "import/manifests/",
      CHUNK_BYTES: "67108864",
    });
  });

  test.each(["lambda", "distributed-map"])("gets the selected keys, and the limit of rejected rows: %s", (engine) => {
    const settings = { engine, include: ["*.csv"], exclude: ["old/*"], maxRejected: "0.5%" };
    const changed = synth(settings).etl;
    const variables = (step: string) => (functionOf(changed, step).environment as { variables: object }).variables;

    expect(variables(engine === "lambda" ? "run" : "plan")).toMatchObject({
      ...{ INCLUDE: '["*.csv"]', EXCLUDE: '["old/*"]', MAX_REJECTED: "0.5%" },
    });
    if (engine !== "lambda") expect(variables("load")).toMatchObject({ MAX_REJECTED: "0.5%" });
  });

  test("takes memory, time and concurrency from the configuration", () => {
    const changed = synth({
      chunkMiB: 1,
      maxConcurrency: 9,
      steps: { load: { memoryMb: 3008, timeoutSeconds: 60, reservedConcurrency: 9 } },
    }).etl;

    expect(functionOf(changed, "load")).toMatchObject({
      memory_size: 3008,
      timeout: 60,
      reserved_concurrent_executions: 9,
    });
    expect(definitionOf(changed).States.load).toMatchObject({ MaxConcurrency: 9 });
  });

  test("is started by new objects below its prefix where the configuration says so", () => {
    const rules = (template: Template) => template.named("aws_cloudwatch_event_rule", "import_object-start");
    const [rule, ...others] = rules(synth({ trigger: "objects" }).etl);

    expect(others).toEqual([]);
    expect(JSON.parse(String(rule?.arguments.event_pattern))).toMatchObject({
      "detail-type": ["Object Created"],
      detail: { object: { key: [{ prefix: "import/" }] } },
    });
    expect(rules(etl)).toEqual([]);
  });

  test("has a graph of rows and one of chunks", () => {
    const body = String(etl.only("aws_cloudwatch_dashboard").dashboard_body);

    expect(body).toContain("sales: rows");
    expect(body).toContain("sales: chunks");
  });
});

describe("feeds side by side", () => {
  const two = (first: object, second: object = {}) =>
    synthesize({
      environment: prod,
      backend: someBackend,
      overrides: {
        database: existingDatabase,
        feeds: { readings: second, sales: first },
      },
    }).etl;

  test.each([moved, {}])("have one security group, and its rule, whatever they are called: %j", (first) => {
    const template = two(first);
    const groups = template.named("aws_security_group", "import_");
    const rules = Object.keys(template.outputs()).filter((name) =>
      /^database_rule_.*(import|sales|readings)/.test(name),
    );

    expect(groups.map(({ arguments: { name } }) => name)).toEqual(["millrace-prod-import-steps"]);
    expect(groups.map(({ address }) => address)).toEqual(
      synth()
        .etl.named("aws_security_group", "import_")
        .map(({ address }) => address),
    );
    expect(rules).toEqual(["database_rule_millrace_prod_import_steps"]);
    for (const name of ["readings", "sales"]) {
      const steps = template
        .resources("aws_lambda_function")
        .filter(({ arguments: { environment } }) => JSON.stringify(environment).includes(`"FEED":"${name}"`));
      expect(steps).toHaveLength(name === "sales" && "engine" in first ? 4 : 2);
      for (const { arguments: fn } of steps)
        expect(JSON.stringify(fn.vpc_config)).toContain(String(groups[0]?.address));
    }
  });

  test("have roles, functions, code, machines and alarms of their own", () => {
    const template = two(moved, { engine: "distributed-map" });
    const names = (type: string, argument: string) =>
      template.resources(type).map(({ arguments: given }) => String(given[argument]));
    const own = (type: string, argument: string, name: string) =>
      names(type, argument).filter((text) => text.includes(name));

    for (const [type, argument] of [
      ["aws_iam_role", "name"],
      ["aws_lambda_function", "function_name"],
      ["aws_sfn_state_machine", "name"],
      ["aws_cloudwatch_metric_alarm", "alarm_name"],
      ["aws_s3_object", "key"],
      ["aws_scheduler_schedule", "name"],
    ] as const) {
      const [readings, imported] = ["readings", "import"].map((name) => own(type, argument, name));
      expect(readings?.length).toBeGreaterThan(0);
      expect(readings).toHaveLength(imported?.length ?? 0);
      expect(new Set(names(type, argument)).size).toBe(names(type, argument).length);
    }
  });

  test("read below their own prefixes", () => {
    const template = two({});

    expect(allowed(template, "preflight", "s3:GetObject", "readings")).toEqual([
      "s3:GetObject aws_s3_bucket.platform_incoming_bucket/readings/*",
    ]);
    expect(allowed(template, "preflight", "s3:GetObject", "sales")).toEqual([
      "s3:GetObject aws_s3_bucket.platform_incoming_bucket/sales/*",
    ]);
  });

  test("are refused without a contract", () => {
    expect(() => synthesize({ overrides: { feeds: { meters: {} } } })).toThrow(
      'feeds.meters: got "meters", allowed is the name of a contract in etl/feeds: ',
    );
    expect(() => synthesize({ overrides: { feeds: { meters: { enabled: false } } } })).not.toThrow();
  });

  test("have a file below etl/feeds each, of their name", () => {
    const files = readdirSync(join(__dirname, "../../etl/feeds"), { withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );

    expect(
      files
        .map(({ name }) => name)
        .filter((name) => name !== "feeds.ts")
        .sort(),
    ).toEqual(contracts.map(({ name }) => `${name}.ts`).sort());
  });
});
