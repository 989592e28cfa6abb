import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Overrides, override } from "../../config/overrides";
import { prod } from "../../config/prod";
import { ChunksMissingError } from "../../etl/core/errors";
import { contracts } from "../../etl/feeds/feeds";
import { TRANSIENT_ERROR_NAMES } from "../../handlers/step-error";
import type { MapState, StateMachineDefinition, TaskState } from "../../modules/workflow/states";
import { combinations, existingDatabase } from "./support/combinations";
import { withoutPage } from "./support/page-note";
import { someBackend, synthesize } from "./support/synthesize";
import type { Template } from "./support/template";

/** As `pipelines.import` was deployed, whose names stay. */
const moved = { resourceName: "import", engine: "distributed-map", source: { prefix: "import/" } };
const synth = (settings: object = {}, overrides: Overrides = {}) =>
  synthesize({
    environment: prod,
    backend: someBackend,
    overrides: override(overrides, { feeds: { sales: { ...moved, ...settings } } }),
  });

const { etl } = synth();
const steps = ["preflight", "plan", "load", "summarise"] as const;

function functionOf(template: Template, step: string) {
  const [fn, ...others] = template.named("aws_lambda_function", `import_${step}_`);
  if (fn === undefined || others.length > 0) throw new Error(`expected one function of ${step}`);
  return fn.arguments;
}

function definitionOf(template: Template): StateMachineDefinition {
  const [machine] = template.named("aws_sfn_state_machine", "import_machine");
  return JSON.parse(String(machine?.arguments.definition));
}

/** Allowed actions on named resources, each with the resource's end. */
function allowed(template: Template, role: string, service: string, feed = "import"): string[] {
  const [policy] = template.policies().filter(({ place }) => place.startsWith(`aws_iam_role_policy.${feed}_${role}_`));
  return (policy?.statements ?? [])
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ actions, resources }) => actions.flatMap((action) => resources.map((at) => `${action} ${shorten(at)}`)))
    .filter((line) => line.startsWith(service))
    .sort();
}

function shorten(resource: string): string {
  return resource
    .replace(/\$\{data\.aws_partition[^}]*\}/, "aws")
    .replace(/^arn:.*:(?=(execution|stateMachine):)/, "")
    .replace(/\$\{([\w.-]+?)(_[0-9A-F]{8})([^}]*)\}/, "$1");
}

describe("a feed", () => {
  it.each([{}, { feeds: { sales: { ...moved, enabled: false } } }])("is deployed only where it is: %j", (overrides) => {
    const off = synthesize({ environment: prod, backend: someBackend, overrides }).etl;
    const added = etl.addresses().filter((address) => !off.addresses().includes(address));

    expect(off.addresses().filter((address) => address.includes("import"))).toEqual([]);
    expect(added.length).toBeGreaterThan(50);
    expect(added.filter((address) => !/\.(import_|database_security-group_from-)/.test(address))).toEqual([]);
  });

  it.each(combinations)(
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

  it("tells each step what the configuration says", () => {
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

  it.each(["lambda", "distributed-map"])("tells which keys are meant, and how much is rejected: %s", (engine) => {
    const settings = { engine, include: ["*.csv"], exclude: ["old/*"], maxRejected: "0.5%" };
    const changed = synth(settings).etl;
    const variables = (step: string) => (functionOf(changed, step).environment as { variables: object }).variables;

    expect(variables(engine === "lambda" ? "run" : "plan")).toMatchObject({
      ...{ INCLUDE: '["*.csv"]', EXCLUDE: '["old/*"]', MAX_REJECTED: "0.5%" },
    });
    if (engine !== "lambda") expect(variables("load")).toMatchObject({ MAX_REJECTED: "0.5%" });
  });

  it("takes memory, time and concurrency from the configuration", () => {
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

  it("is started by new objects below its prefix where the configuration says so", () => {
    const rules = (template: Template) => template.named("aws_cloudwatch_event_rule", "import_object-start");
    const [rule, ...others] = rules(synth({ trigger: "objects" }).etl);

    expect(others).toEqual([]);
    expect(JSON.parse(String(rule?.arguments.event_pattern))).toMatchObject({
      "detail-type": ["Object Created"],
      detail: { object: { key: [{ prefix: "import/" }] } },
    });
    expect(rules(etl)).toEqual([]);
  });

  it("has a graph of rows and one of chunks", () => {
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

  it.each([moved, {}])("have one security group, and its rule, whatever they are called: %j", (first) => {
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

  it("have roles, functions, code, machines and alarms of their own", () => {
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

  it("read below their own prefixes", () => {
    const template = two({});

    expect(allowed(template, "preflight", "s3:GetObject", "readings")).toEqual([
      "s3:GetObject aws_s3_bucket.platform_incoming_bucket/readings/*",
    ]);
    expect(allowed(template, "preflight", "s3:GetObject", "sales")).toEqual([
      "s3:GetObject aws_s3_bucket.platform_incoming_bucket/sales/*",
    ]);
  });

  it("are refused without a contract", () => {
    expect(() => synthesize({ overrides: { feeds: { meters: {} } } })).toThrow(
      'feeds.meters: got "meters", allowed is the name of a contract in etl/feeds: ',
    );
    expect(() => synthesize({ overrides: { feeds: { meters: { enabled: false } } } })).not.toThrow();
  });

  it("have a file below etl/feeds each, of their name", () => {
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

describe("its state machine", () => {
  const definition = definitionOf(etl);
  const map = definition.States.load as MapState;
  const task = (name: string) => definition.States[name] as TaskState;

  it("checks, plans, loads what there is and sums up; with nothing to load it sums up at once", () => {
    expect(definition.StartAt).toBe("by an object or not");
    expect(definition.States["by an object or not"]).toMatchObject({ Default: "preflight" });
    expect(task("preflight").Next).toBe("full or not");
    expect(definition.States["full or not"]).toMatchObject({
      Choices: [
        { Variable: "$.full", IsPresent: true, Next: "as it was started" },
        { Variable: "$.replay", IsPresent: true, Next: "objects again" },
      ],
      Default: "what is new",
    });
    const wanted = { full: false, again: false, replay: [] };
    for (const [name, Parameters] of Object.entries({
      "as it was started": { "full.$": "$.full", again: false, replay: [] },
      "objects again": { full: false, again: false, "replay.$": "$.replay" },
      "what is new": wanted,
      "what came meanwhile": { ...wanted, again: true },
    })) {
      expect(definition.States[name]).toEqual({
        Type: "Pass",
        Parameters,
        ResultPath: "$.wanted",
        Next: "name the run",
      });
    }
    expect(definition.States["name the run"]).toMatchObject({ Parameters: { "id.$": "States.UUID()" }, Next: "plan" });
    expect(task("plan").Next).toBe("anything new");
    expect(definition.States["anything new"]).toMatchObject({
      Choices: [{ Next: "no run" }, { Variable: "$.begun.result.chunks", NumericEquals: 0, Next: "summarise" }],
      Default: "load",
    });
    expect(map.Next).toBe("summarise");
    expect(task("summarise").Next).toBe("publish success");
  });

  it("ends well and tells nobody where another run is under way, or nobody requested one", () => {
    expect(definition.States["anything new"]).toMatchObject({
      Choices: [{ Variable: "$.begun.result.waitsFor", IsPresent: true, Next: "no run" }, {}],
    });
    expect(definition.States["no run"]).toMatchObject({ Type: "Pass", Next: "how it ended" });
  });

  it("lists once more, and nothing in full, where somebody came meanwhile", () => {
    expect(task("render").Next).toBe("again or not");
    expect(definition.States["again or not"]).toMatchObject({
      Choices: [{ Variable: "$.summary.again", BooleanEquals: true, Next: "what came meanwhile" }],
      Default: "how it ended",
    });
    expect(task("plan").Parameters.Payload).toEqual({
      ...{ "full.$": "$.wanted.full", "again.$": "$.wanted.again", "replay.$": "$.wanted.replay" },
      ...{ "runId.$": "$.run.id", "execution.$": "$$.Execution.Id" },
    });
  });

  it("begins another one after a run that failed, where somebody left his work to it, and stays failed", () => {
    const next = (name: string) =>
      Object.entries(definition.States).flatMap(([from, state]) => {
        const choices = "Choices" in state ? [...state.Choices.map((choice) => choice.Next), state.Default] : [];
        return ["Next" in state ? state.Next : "", ...choices].includes(name) ? [from] : [];
      });

    expect(task("render failed run").Next).toBe("again after a failure or not");
    expect(definition.States["again after a failure or not"]).toMatchObject({
      Choices: [
        {
          And: [
            { Variable: "$.owed.again", IsPresent: true },
            { Variable: "$.owed.again", BooleanEquals: true },
          ],
          Next: "once more",
        },
      ],
      Default: "failed",
    });
    expect(task("tell of failure")).toMatchObject({
      ResultSelector: { "again.$": "$.Payload.again" },
      ResultPath: "$.owed",
      Catch: [{ ResultPath: null }],
    });
    // Not for ever: where the database does not answer, nothing is owed.
    expect(definition.States["once more"]).toEqual({
      ...{ Type: "Pass", Result: { again: false }, ResultPath: "$.owed", Next: "what is new" },
    });
    expect(definition.States["how it ended"]).toMatchObject({
      Choices: [{ Variable: "$.reason", IsPresent: true, Next: "failed" }],
      Default: "succeeded",
    });
    expect(next("succeeded")).toEqual(["how it ended"]);
    expect(next("failed").sort()).toEqual(["again after a failure or not", "how it ended"]);
  });

  it("lets executions wait in line for plan, for longer than a run of it", () => {
    const [first] = task("plan").Retry;

    expect(first).toMatchObject({ ErrorEquals: ["Lambda.TooManyRequestsException"] });
    expect((first?.MaxAttempts ?? 0) * (first?.MaxDelaySeconds ?? 0)).toBeGreaterThan(2 * 600);
    expect(task("summarise").Retry[0]?.ErrorEquals).not.toEqual(first?.ErrorEquals);
  });

  it("hands each chunk of the manifest to load", () => {
    expect(map.ItemReader.Parameters).toEqual({
      "Bucket.$": "$.begun.result.manifest.bucket",
      "Key.$": "$.begun.result.manifest.key",
    });
    expect(map.ItemSelector.event).toEqual({
      "runId.$": "$.run.id",
      "chunk.$": "$$.Map.Item.Value",
      "execution.$": "$$.Execution.Id",
    });
    expect(map).toMatchObject({ MaxConcurrency: 4, ToleratedFailurePercentage: 100 });
  });

  it("tries each step again after the errors that its handler calls transient", () => {
    const tasks = [
      task("preflight"),
      task("plan"),
      map.ItemProcessor.States["load item"] as TaskState,
      task("summarise"),
    ];

    for (const { Retry, Catch } of tasks) {
      expect(Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(
        expect.arrayContaining([...TRANSIENT_ERROR_NAMES, "Sandbox.Timedout", "Lambda.TooManyRequestsException"]),
      );
      expect(Catch.at(-1)).toMatchObject({ ErrorEquals: ["States.ALL"] });
    }
    expect(task("summarise").Catch).toEqual([
      {
        ErrorEquals: [new ChunksMissingError("").name],
        ResultPath: "$.failure",
        Next: "which item of load",
      },
      expect.objectContaining({ Next: "summarise failed" }),
    ]);
  });

  it("has a time for all chunks that the configuration says, besides its steps", () => {
    const longer = definitionOf(synth({ maxHours: 48 }).etl);

    expect(longer.TimeoutSeconds - definition.TimeoutSeconds).toBe(24 * 3600);
    expect(definition.TimeoutSeconds).toBeGreaterThan(24 * 3600);
  });

  it("gives the success message a value for each of its places", () => {
    const message = withoutPage(task("publish success").Parameters["Message.$"]);

    expect(message.match(/\{\}/g)).toHaveLength(message.match(/\$\.summary\./g)?.length ?? 0);
    expect(message).toMatch(/^States\.Format\('\{\}\n/);
  });

  it("ends a planned run in the ledger when it failed, and publishes the failure whether or not that went well", () => {
    const tell = task("tell of failure");

    for (const name of ["take message", "take cause", "no cause"]) {
      expect(definition.States[name]).toMatchObject({ Next: "whether to tell of failure" });
    }
    expect(definition.States["whether to tell of failure"]).toMatchObject({
      Choices: [{ Variable: "$.run.id", IsPresent: true, Next: "tell of failure" }],
      Default: "publish failure",
    });
    expect(tell.Parameters.Payload).toEqual({ "runId.$": "$.run.id", "failure.$": "$.reason" });
    expect([tell.Next, ...tell.Catch.map(({ Next }) => Next)]).toEqual(["publish failure", "publish failure"]);
  });

  it("names object and range of a chunk that failed", () => {
    const keep = map.ItemProcessor.States["keep failure of load item"] as TaskState;

    expect(keep.Parameters.Body).toMatchObject({
      "step.$":
        "States.Format('load of {}', States.Format('{}, bytes {} to {}', $.event.chunk.key, $.event.chunk.start, $.event.chunk.end))",
    });
  });
});

describe("the engine lambda", () => {
  const template = synth({ engine: "lambda" }).etl;
  const { States, TimeoutSeconds } = definitionOf(template);
  const run = States.run as TaskState;

  it("is one function, called again by the same name while it has left something", () => {
    expect(
      template.named("aws_lambda_function", "import_").map(({ arguments: { function_name: name } }) => name),
    ).toEqual(expect.arrayContaining(["millrace-prod-import-preflight", "millrace-prod-import-run"]));
    expect(template.named("aws_lambda_function", "import_")).toHaveLength(2);
    expect(States["name the run"]).toMatchObject({ ResultPath: "$.run", Next: "run" });
    expect(run).toMatchObject({ ResultPath: "$.begun", Next: "left or not" });
    expect(run.Parameters.Payload).toMatchObject({ "runId.$": "$.run.id", "replay.$": "$.wanted.replay" });
    expect(States["left or not"]).toMatchObject({
      Choices: [
        { Variable: "$.begun.result.waitsFor", IsPresent: true, Next: "no run" },
        { Variable: "$.begun.result.left", NumericGreaterThan: 0, Next: "run" },
      ],
      Default: "take the sum",
    });
    expect(States["take the sum"]).toMatchObject({ InputPath: "$.begun.result.summary", Next: "publish success" });
  });

  it("is called again where it died, for more than one chunk that it dies of", () => {
    const killed = run.Retry.find(({ ErrorEquals }) => ErrorEquals.includes("Sandbox.Timedout"));

    expect(killed?.MaxAttempts).toBe(5);
    expect((States.preflight as TaskState).Retry.at(-1)?.MaxAttempts).toBe(1);
  });

  it("has the hours that the configuration says for all its calls", () => {
    const longer = definitionOf(synth({ engine: "lambda", maxHours: 48 }).etl);

    expect(TimeoutSeconds).toBeGreaterThan(24 * 3600);
    expect(longer.TimeoutSeconds - TimeoutSeconds).toBe(24 * 3600);
    // Step Functions takes whole seconds alone.
    for (const seconds of [TimeoutSeconds, definitionOf(etl).TimeoutSeconds]) expect(seconds).toBe(Math.floor(seconds));
  });

  it("reads the raw files, and reads and writes manifests alone", () => {
    expect(allowed(template, "run", "s3:")).toEqual([
      "s3:GetObject aws_s3_bucket.platform_incoming_bucket/import/*",
      "s3:GetObject aws_s3_bucket.platform_raw_bucket/import/manifests/*",
      "s3:ListBucket aws_s3_bucket.platform_incoming_bucket",
      "s3:PutObject aws_s3_bucket.platform_raw_bucket/import/manifests/*",
    ]);
  });

  it("ends a run in the ledger that was killed", () => {
    expect((States["tell of failure"] as TaskState).Parameters).toMatchObject({
      Payload: { "runId.$": "$.run.id", "failure.$": "$.reason" },
      FunctionName: expect.stringContaining("import_run_function"),
    });
  });
});

describe("what it may do", () => {
  it("lists and reads the raw files, and writes manifests alone", () => {
    const lists = "s3:ListBucket aws_s3_bucket.platform_incoming_bucket";

    for (const step of ["preflight", "load"]) {
      expect(allowed(etl, step, "s3:")).toEqual([
        "s3:GetObject aws_s3_bucket.platform_incoming_bucket/import/*",
        lists,
      ]);
    }
    expect(allowed(etl, "plan", "s3:")).toEqual([
      "s3:GetObject aws_s3_bucket.platform_incoming_bucket/import/*",
      lists,
      "s3:PutObject aws_s3_bucket.platform_raw_bucket/import/manifests/*",
    ]);
    expect(allowed(etl, "summarise", "s3:")).toEqual([]);
  });

  it("reads the one secret in every step", () => {
    for (const step of steps) {
      expect(allowed(etl, step, "secretsmanager:")).toEqual([
        "secretsmanager:GetSecretValue aws_db_instance.database_instance",
      ]);
    }
  });

  it("runs itself, and keeps manifest, failures and results below one prefix", () => {
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

describe("of several feeds, each", () => {
  const engines = ["lambda", "distributed-map"] as const;
  const names = { sales: "import", readings: "readings" };

  it.each(engines)("keeps what its runs need where no role of another one reaches: %s", (engine) => {
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

describe("a bucket of somebody else", () => {
  const keyArn = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const foreign = synth({ source: { bucket: "acme-raw", prefix: "sales/", keyArn } });

  it("is read below the prefix, with its key, and never written", () => {
    expect(allowed(foreign.etl, "plan", "s3:ListBucket")).toEqual(["s3:ListBucket arn:aws:s3:::acme-raw"]);
    expect(allowed(foreign.etl, "load", "s3:GetObject")).toEqual(["s3:GetObject arn:aws:s3:::acme-raw/sales/*"]);
    expect(allowed(foreign.etl, "load", "kms:").join()).toContain("444455556666");
    expect(foreign.etl.text).not.toMatch(/PutObject[^}]*acme-raw/);
  });

  it("is let through by the network's endpoint and the roles' boundary", () => {
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
