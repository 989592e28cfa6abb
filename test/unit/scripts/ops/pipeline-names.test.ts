import { dev } from "../../../../config/dev";
import { overrideConfig } from "../../../../config/load";
import { deployedPipelines, findPipeline } from "../../../../scripts/ops/pipeline-names";
import { synthesize } from "../../../infra/support/synthesize";

// One is called as what it was before.
const sales = { resourceName: "import", engine: "distributed-map" };
const overrides = { feeds: { sales, readings: { trigger: "objects" } } };
const config = overrideConfig(dev, overrides);

describe("the names of pipelines", () => {
  test("are those that the stack gives", () => {
    // Prepare
    const { etl } = synthesize({ overrides });
    const named = (type: string, attribute: string) => etl.resources(type).map((block) => block.arguments[attribute]);
    const pipelines = deployedPipelines(config);

    // Assess
    const functions = pipelines.flatMap((pipeline) => [...pipeline.functions.values()]);
    // The functions that people ask, that all runs have make their pages, and that exports all tables, are no pipeline's.
    const others = ["sql", "pages", "export"].map((name) => `millrace-dev-${name}`);
    expect([...functions, ...others].sort()).toEqual(named("aws_lambda_function", "function_name").sort());
    const machines = pipelines.flatMap(({ machine }) => machine ?? []);
    expect(machines.sort()).toEqual(named("aws_sfn_state_machine", "name").sort());
    const queues = pipelines.flatMap(({ files, deadLetters }) => [
      ...deadLetters,
      ...(files === undefined ? [] : [files]),
    ]);
    expect(named("aws_sqs_queue", "name")).toEqual(expect.arrayContaining(queues));
  });

  test("say what starts each, its clock, its objects or both, with the queues of both", () => {
    const covid = findPipeline(config, "covid");
    const readings = findPipeline(config, "readings");
    const orders = findPipeline(config, "orders");

    expect(covid).toMatchObject({ scheduled: true, machine: "millrace-dev-covid" });
    expect(covid.starts).toMatch(/^cron\(.*\) UTC$/);
    expect(readings).toMatchObject({ scheduled: true, machine: "millrace-dev-readings" });
    expect(readings.starts).toMatch(/^cron\(.*\) UTC; new objects$/);
    expect(readings.deadLetters).toEqual([
      "millrace-dev-readings-dead-letters",
      "millrace-dev-readings-files-dead-letters",
    ]);
    expect(orders).toMatchObject({ starts: "objects *", files: "millrace-dev-orders-files" });
    expect(orders.machine).toBeUndefined();
  });

  test("are listed if one is not known", () => {
    expect(() => findPipeline(config, "covod")).toThrow('got "covod", expected covid, ');
  });

  test("say of a pipeline that is switched off how to switch it on", () => {
    const without = overrideConfig(dev, { pipelines: { covid: { enabled: false } } });

    expect(() => findPipeline(without, "covid")).toThrow(
      "The pipeline covid is switched off in dev. Set pipelines.covid.enabled in config/dev.ts, and deploy",
    );
    expect(() => findPipeline(overrideConfig(dev, { feeds: { sales: { enabled: false } } }), "sales")).toThrow(
      "Set feeds.sales.enabled in config/dev.ts, and deploy",
    );
  });
});
