import { ConfigError } from "../../config/config-error";
import { type Overrides, override } from "../../config/overrides";
import { prod } from "../../config/prod";
import { takesRuntime } from "../../stacks/lambda-runtime";
import { everyPipeline } from "./support/combinations";
import { someBackend, synthesize, synthesizeShipped } from "./support/synthesize";

const { etl } = synthesizeShipped({ environment: prod, backend: someBackend });
const functions = etl.resources("aws_lambda_function");

function one(type: string, part: string) {
  const [found, ...others] = etl.named(type, part);
  if (found === undefined || others.length > 0) throw new Error(`expected one ${type} with ${part}`);
  return found;
}

const fetch = one("aws_lambda_function", "covid_fetch").arguments;
const load = one("aws_lambda_function", "covid_load").arguments;

const steps = [
  ["covid", "fetch"],
  ["covid", "load"],
  ["orders", "send"],
  ["metadata", "summarize"],
] as const;

describe("every function", () => {
  test.each(functions.map((block) => [block.arguments.function_name, block.arguments]))("%s is hardened", (_, fn) => {
    expect(fn).toMatchObject({
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      tracing_config: { mode: "Active" },
      kms_key_arn: expect.stringMatching(/^\$\{aws_kms_key\.platform_key_\w+\.arn\}$/),
      dead_letter_config: { target_arn: expect.stringMatching(/^\$\{aws_sqs_queue\.\w+_dead-letters_queue_/) },
      layers: [expect.stringMatching(/^\$\{aws_lambda_layer_version\.platform_layer_/)],
    });
  });

  test("may run so many at once", () => {
    const reserved = functions.map(({ arguments: fn }) => [fn.function_name, fn.reserved_concurrent_executions]);

    expect(Object.fromEntries(reserved)).toEqual({
      "millrace-prod-covid-fetch": 1,
      "millrace-prod-covid-load": 1,
      "millrace-prod-orders-send": 5,
      "millrace-prod-metadata-summarize": 5,
      "millrace-prod-orders-render": 1,
      "millrace-prod-metadata-render": 1,
      "millrace-prod-sql": 2,
      // Called once in an environment's life.
      "millrace-prod-export": -1,
      "millrace-prod-pages": 2,
    });
  });

  test("has a role of its own", () => {
    expect(new Set(functions.map(({ arguments: fn }) => fn.role)).size).toBe(functions.length);
  });

  test("comes after its log group, which forgets after a year and is encrypted", () => {
    for (const { arguments: fn } of functions) {
      const group = etl
        .resources("aws_cloudwatch_log_group")
        .find(({ arguments: logs }) => logs.name === `/aws/lambda/${fn.function_name}`);

      expect(fn.depends_on).toContain(group?.address);
      expect(group?.arguments).toMatchObject({
        retention_in_days: 365,
        kms_key_id: expect.stringContaining("kms_key"),
      });
    }
  });

  test("runs the very bytes that were zipped and stored", () => {
    for (const [pipeline, step] of steps) {
      const fn = one("aws_lambda_function", `${pipeline}_${step}`).arguments;
      const zip = etl.dataSources("archive_file").find(({ address }) => address.includes(`${pipeline}_${step}-code`));
      const object = one("aws_s3_object", `${pipeline}_${step}-code`);

      expect(zip?.arguments).toMatchObject({
        source_dir: `../../../dist/handlers/${pipeline}/${step}`,
        output_file_mode: "0644",
      });
      expect(object.arguments).toMatchObject({
        key: `lambda/${pipeline}/${step}.zip`,
        source: `\${${zip?.address}.output_path}`,
        depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\.platform_artifacts_/)],
      });
      expect(fn).toMatchObject({
        s3_key: `\${${object.address}.key}`,
        s3_object_version: `\${${object.address}.version_id}`,
        source_code_hash: `\${${zip?.address}.output_base64sha256}`,
      });
    }
  });

  test("has nothing like a secret in its environment", () => {
    for (const { arguments: fn } of functions) {
      const { variables } = fn.environment as { variables: Record<string, string> };
      const suspicious = Object.keys(variables).filter((name) =>
        /PASSWORD|SECRET(?!_ARN$)|TOKEN|CREDENTIAL/.test(name),
      );

      expect(suspicious).toEqual([]);
    }
  });
});

describe("fetch and load", () => {
  test("get the configuration's settings", () => {
    expect(fetch.environment).toEqual({
      variables: {
        RAW_BUCKET: expect.stringMatching(/^\$\{aws_s3_bucket\.platform_raw_/),
        CASES_URL: "https://raw.githubusercontent.com/nytimes/covid-19-data/master/us.csv",
        RECOVERIES_URL: expect.stringContaining("time-series-19-covid-combined.csv"),
        POWERTOOLS_SERVICE_NAME: "covid",
        POWERTOOLS_METRICS_NAMESPACE: "millrace",
        POWERTOOLS_LOG_LEVEL: "INFO",
        NODE_OPTIONS: "--enable-source-maps",
        TZ: "UTC",
      },
    });
    expect(load.environment).toEqual({
      variables: expect.objectContaining({
        DATABASE_HOST: expect.stringMatching(/^\$\{aws_db_instance\.\w+\.address\}$/),
        DATABASE_PORT: "5432",
        DATABASE_NAME: "millrace",
        DATABASE_SECRET_ARN: expect.stringMatching(/^\$\{aws_db_instance\.\w+\.master_user_secret\[0\]\.secret_arn\}$/),
        JOIN: "left",
        MAX_REJECTED: "0",
        HISTORY: "full",
      }),
    });
  });

  test("keep revisions for ever, or as long as the configuration says", () => {
    const limited = synthesizeShipped({ overrides: { retention: { revisionDays: 730 } } }).etl;
    const daysOf = (stack: typeof etl) =>
      Object.fromEntries(
        stack
          .resources("aws_lambda_function")
          .map(({ arguments: { function_name, environment } }) => [
            String(function_name).split("-").slice(2).join("-"),
            (environment as { variables: Record<string, string> }).variables.REVISION_DAYS,
          ]),
      );

    expect(Object.values(daysOf(etl)).filter((days) => days !== undefined)).toEqual([]);
    expect(daysOf(limited)).toMatchObject({ "covid-load": "730", "covid-fetch": undefined });
  });

  test("keep of what runs do as much as the configuration says", () => {
    const less = synthesizeShipped({ overrides: { pipelines: { covid: { history: "changes" } } } }).etl;
    const [fn] = less.named("aws_lambda_function", "covid_load");

    expect(fn?.arguments.environment).toEqual({ variables: expect.objectContaining({ HISTORY: "changes" }) });
  });

  test("write as much as logs.level says, and always what people ask of the database", () => {
    const levels = (logs: Overrides) => {
      const functions = synthesize({ overrides: override(everyPipeline, { logs }) }).etl.resources(
        "aws_lambda_function",
      );
      const variables = functions.map(({ arguments: fn }) => fn.environment as { variables: Record<string, string> });
      const sql = functions.findIndex(({ arguments: fn }) => fn.function_name === "millrace-dev-sql");
      const [ofSql] = variables.splice(sql, 1);
      const others = new Set(variables.map((environment) => environment.variables.POWERTOOLS_LOG_LEVEL));
      return [ofSql?.variables.POWERTOOLS_LOG_LEVEL, [...others]];
    };

    expect(levels({})).toEqual(["INFO", ["INFO"]]);
    expect(levels({ level: "DEBUG" })).toEqual(["DEBUG", ["DEBUG"]]);
    expect(levels({ level: "WARN" })).toEqual(["INFO", ["WARN"]]);
  });

  test("keep fetch out of the VPC, and load in its private subnets", () => {
    expect(fetch.vpc_config).toBeUndefined();
    expect(load.vpc_config).toEqual({
      subnet_ids: [expect.stringContaining("private-0"), expect.stringContaining("private-1")],
      security_group_ids: [expect.stringMatching(/^\$\{aws_security_group\.covid_load-group_/)],
    });
  });

  test("take memory, time and concurrency from the configuration; null reserves none", () => {
    const steps = { load: { memoryMb: 2048, timeoutSeconds: 600, reservedConcurrency: null } };
    const changed = synthesizeShipped({ overrides: { pipelines: { covid: { steps } } } }).etl;

    const [block] = changed.named("aws_lambda_function", "covid_load");
    expect(block?.arguments).toMatchObject({ memory_size: 2048, timeout: 600, reserved_concurrent_executions: -1 });
  });
});

describe("send and summarize", () => {
  test("knows what size of a file is unusual, and what happens to its batch: only send", () => {
    const checks = { sizeFactor: null, onUnusualSize: "fail" };
    const changed = synthesize({
      environment: prod,
      backend: someBackend,
      overrides: { pipelines: { orders: { checks } } },
    });
    const of = (template: typeof etl) =>
      template
        .resources("aws_lambda_function")
        .map(({ arguments: fn }) => fn)
        .filter(({ function_name: name }) => name === "millrace-prod-orders-send")
        .map(({ environment }) => (environment as { variables: Record<string, string> }).variables);

    expect(of(etl)).toMatchObject([{ SIZE_FACTOR: "2", ON_UNUSUAL_SIZE: "warn" }]);
    expect(of(changed.etl)).toMatchObject([{ SIZE_FACTOR: "none", ON_UNUSUAL_SIZE: "fail" }]);
  });

  const send = one("aws_lambda_function", "orders_send").arguments;
  const summarize = one("aws_lambda_function", "metadata_summarize").arguments;

  test("get the names of their files, ledger, queue and topic", () => {
    expect(send.environment).toEqual({
      variables: expect.objectContaining({
        BUCKET: expect.stringMatching(/^\$\{aws_s3_bucket\.platform_incoming_/),
        LEDGER_TABLE: expect.stringMatching(/^\$\{aws_dynamodb_table\.orders_ledger_/),
        QUEUE_URL: expect.stringMatching(/^\$\{aws_sqs_queue\.orders_outgoing_queue_\w+\.url\}$/),
        TOPIC_ARN: expect.stringMatching(/^\$\{aws_sns_topic\.platform_topic_/),
        POWERTOOLS_SERVICE_NAME: "orders",
      }),
    });
    expect(summarize.environment).toEqual({
      variables: expect.objectContaining({
        BUCKET: expect.stringMatching(/^\$\{aws_s3_bucket\.platform_incoming_/),
        PREFIX: "uploads/",
        POWERTOOLS_SERVICE_NAME: "metadata",
      }),
    });
  });

  test("need nothing of the VPC", () => {
    expect([send.vpc_config, summarize.vpc_config]).toEqual([undefined, undefined]);
  });

  test("have memory and time for what is promised: 1 GiB and 15 minutes for a large batch", () => {
    expect(send).toMatchObject({ memory_size: 1024, timeout: 900 });
  });
});

describe("settings of all functions", () => {
  const everyFunction = (overrides: Overrides) => {
    const { etl: changed } = synthesize({ overrides: override(everyPipeline, overrides) });
    return changed.resources("aws_lambda_function").map(({ arguments: fn }) => fn);
  };

  test("reserveConcurrency: false leaves every one unreserved", () => {
    const reserved = (overrides: Overrides) => {
      const others = everyFunction(overrides).filter((fn) => !/-export$/.test(String(fn.function_name)));
      return new Set(others.map((fn) => fn.reserved_concurrent_executions));
    };

    expect(reserved({})).not.toContain(-1);
    expect(reserved({ lambda: { reserveConcurrency: false } })).toEqual(new Set([-1]));
  });

  test("runtime: nodejs24.x is theirs and the layer's where the AWS provider knows it, and refused where not", () => {
    const version = etl.providerVersion("aws");
    const overrides = { lambda: { runtime: "nodejs24.x" } };

    if (takesRuntime(version, "nodejs24.x")) {
      const { etl: changed } = synthesize({ overrides });
      expect(changed.only("aws_lambda_layer_version")).toMatchObject({ compatible_runtimes: ["nodejs24.x"] });
      expect(new Set(everyFunction(overrides).map(({ runtime }) => runtime))).toEqual(new Set(["nodejs24.x"]));
    } else {
      const refused = `lambda.runtime: got "nodejs24.x", allowed is a runtime that the AWS provider supports: it is ${version}`;
      expect(() => synthesize({ overrides })).toThrow(refused);
      expect(() => synthesize({ overrides })).toThrow(ConfigError);
    }
  });

  test.each([
    ["5.100.0", "nodejs22.x", true],
    ["5.100.0", "nodejs24.x", false],
    ["6.18.9", "nodejs24.x", false],
    ["6.19.0", "nodejs24.x", true],
    ["10.0.0", "nodejs24.x", true],
  ] as const)("the AWS provider %s takes %s: %s", (version, runtime, takes) => {
    expect(takesRuntime(version, runtime)).toBe(takes);
  });
});

describe("the layer", () => {
  test("is named by its content, so that no version's object is overwritten", () => {
    const zip = "../../../dist/layer/runtime.zip";
    const object = one("aws_s3_object", "platform_layer");
    const version = etl.only("aws_lambda_layer_version");

    expect(object.arguments.key).toBe(`lambda/layer/runtime-\${filesha256("${zip}")}.zip`);
    expect(version).toMatchObject({
      s3_key: `\${${object.address}.key}`,
      source_code_hash: `\${filebase64sha256("${zip}")}`,
      compatible_runtimes: ["nodejs22.x"],
      compatible_architectures: ["arm64"],
    });
  });
});
