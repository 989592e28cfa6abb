import type { Overrides } from "../../config/overrides";
import { prod } from "../../config/prod";
import type { StateMachineDefinition } from "../../modules/workflow/states";
import { everyPipeline } from "./support/combinations";
import { someBackend, synthesizeShipped } from "./support/synthesize";
import type { Template } from "./support/template";

const stackWith = (pages: Overrides) =>
  synthesizeShipped({ environment: prod, backend: someBackend, overrides: { ...everyPipeline, pages } }).etl;
const clocksOf = (etl: Template) =>
  Object.fromEntries(
    etl
      .resources("aws_scheduler_schedule")
      .map(({ arguments: schedule }) => [String(schedule.name), String(schedule.schedule_expression)])
      .filter(([name]) => /-(pages|render)$/.test(name ?? "")),
  );
/** What follows a run: a feed may list once more. */
const SUCCESS = expect.stringMatching(/^(succeeded|again or not)$/);
const FAILURE = expect.stringMatching(/^(failed|again after a failure or not)$/);
const statesOf = (etl: Template) =>
  etl.resources("aws_sfn_state_machine").map(({ arguments: { definition } }) => {
    const { States }: StateMachineDefinition = JSON.parse(String(definition));
    return States;
  });
const renderers = (etl: Template) =>
  etl
    .resources("aws_lambda_function")
    .map(({ arguments: fn }) => String(fn.function_name))
    .filter((name) => /-(pages|render)$/.test(name));

describe("pages.refresh", () => {
  test("is by default each run of every state machine, and an hour where there are no runs", () => {
    const etl = stackWith({});

    expect(statesOf(etl).length).toBeGreaterThan(1);
    for (const states of statesOf(etl)) expect(states).toMatchObject({ render: { Next: SUCCESS } });
    expect(clocksOf(etl)).toEqual({
      "millrace-prod-orders-render": "rate(1 hour)",
      "millrace-prod-metadata-render": "rate(1 hour)",
    });
  });

  test("may be a clock for all: no run makes a page then, and its messages name it all the same", () => {
    const etl = stackWith({ refresh: "rate(2 days)" });
    const [clock] = etl.named("aws_scheduler_schedule", "pages_schedule");
    const [fn] = etl.named("aws_lambda_function", "pages_render");

    for (const states of statesOf(etl)) {
      expect(Object.keys(states).filter((name) => name.includes("render"))).toEqual([]);
      expect(states).toMatchObject({ "publish success": { Next: SUCCESS }, "publish failure": { Next: FAILURE } });
      expect(JSON.stringify(states["publish success"])).toContain("npm run ops -- page ");
    }
    expect(new Set(Object.values(clocksOf(etl)))).toEqual(new Set(["rate(2 days)"]));
    expect(clock?.arguments).toMatchObject({
      schedule_expression_timezone: "UTC",
      target: { arn: `\${${fn?.address}.arn}`, input: "{}" },
    });
    expect(fn?.arguments.environment).toMatchObject({
      variables: {
        ...{ DATABASE_PIPELINES: "covid,sales", PIPELINES: "covid,orders,metadata,sales", HIDE: "[]" },
        RUN_SHAPES: "covid step 1024,sales distributed-map 1769",
      },
    });
  });
});

describe("pages.enabled", () => {
  test("takes functions, clocks, states and words in messages down, and leaves the bucket with what is in it", () => {
    const etl = stackWith({ enabled: false });

    expect([renderers(etl), clocksOf(etl)]).toEqual([[], {}]);
    expect(renderers(stackWith({}))).toHaveLength(3);
    for (const states of statesOf(etl)) expect(JSON.stringify(states)).not.toMatch(/render|ops -- page/);
    const [send] = etl.named("aws_lambda_function", "orders_send");
    expect(JSON.stringify(send?.arguments.environment)).not.toContain("ops -- page");
    expect(etl.named("aws_s3_bucket", "platform_pages")).toHaveLength(1);
  });
});

describe("what makes pages", () => {
  const etl = stackWith({});

  test("tells of each page that could not be made, and that no run suffers", () => {
    const alarms = etl
      .resources("aws_cloudwatch_metric_alarm")
      .map(({ arguments: alarm }) => alarm)
      .filter(({ alarm_name }) => /-(pages|render)-errors$/.test(String(alarm_name)));

    expect(alarms).toHaveLength(3);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ metric_name: "Errors", statistic: "Sum", threshold: 1 });
      expect(alarm.alarm_description).toMatch(/could not make a page: .* older one.*\/aws\/lambda\/millrace-prod-/s);
    }
  });

  test("names the page of orders in what it tells of a batch, too", () => {
    const [send] = etl.named("aws_lambda_function", "orders_send");

    expect(send?.arguments.environment).toMatchObject({
      variables: {
        PAGE: expect.stringMatching(
          /^Page: ENVIRONMENT=prod npm run ops -- page orders\nIn the console: https:.*pages\/orders\/index.html$/,
        ),
      },
    });
  });
});
