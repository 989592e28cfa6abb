import { dev } from "../../config/dev";
import { someBackend, synthesize } from "./support/synthesize";

const overdueOf = (pipelines: Readonly<Record<string, unknown>>) =>
  synthesize({ environment: dev, backend: someBackend, overrides: { pipelines } })
    .etl.resources("aws_cloudwatch_metric_alarm")
    .map(({ arguments: alarm }) => alarm)
    .filter(({ alarm_name: name }) => String(name).endsWith("-overdue"));

describe("the alarm of a run that did not happen", () => {
  it("waits for successes of the machine, and takes hours without any measure for hours without a run", () => {
    const [alarm, ...others] = overdueOf({});

    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      alarm_name: "millrace-dev-covid-overdue",
      metric_name: "ExecutionsSucceeded",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      treat_missing_data: "breaching",
      dimensions: { StateMachineArn: expect.stringMatching(/^\$\{aws_sfn_state_machine\.covid_/) },
    });
    expect(alarm?.alarm_description).toMatch(/ops -- status covid .*switched .* off by hand.*ops -- start covid/);
  });

  it.each([
    ["a day and two hours of a daily schedule", {}, 26],
    ["over a weekend", { schedule: { expression: "cron(0 7 ? * MON-FRI *)" } }, 74],
    ["what the configuration says", { schedule: { expectedEveryHours: 30 } }, 30],
    [
      "that of a schedule that cannot be told",
      { schedule: { expression: "cron(0 7 1 * ? *)", expectedEveryHours: 99 } },
      99,
    ],
  ])("waits for %s", (_, covid, hours) => {
    const [alarm] = overdueOf({ covid });

    expect(alarm).toMatchObject({ period: 3600, evaluation_periods: hours, datapoints_to_alarm: hours });
  });

  it("gives a run of import its hours", () => {
    const alarms = overdueOf({ covid: { enabled: false }, import: { enabled: true, maxHours: 48 } });

    expect(alarms).toMatchObject([{ alarm_name: "millrace-dev-import-overdue", evaluation_periods: 24 + 2 + 48 }]);
  });

  it.each([
    ["a schedule that is switched off on purpose", { schedule: { enabled: false } }],
    ["a schedule of days of the month", { schedule: { expression: "cron(0 7 1 * ? *)" } }],
    ["a pause of more than CloudWatch looks back", { schedule: { expression: "rate(7 days)" } }],
  ])("is not made for %s", (_, covid) => {
    expect(overdueOf({ covid })).toEqual([]);
  });

  it.each(["orders", "metadata"])("waits for objects of %s where the configuration expects them", (name) => {
    const alarms = overdueOf({ covid: { enabled: false }, [name]: { trigger: { expectedEveryHours: 30 } } });

    expect(alarms).toMatchObject([
      {
        alarm_name: `millrace-dev-${name}-overdue`,
        ...{ namespace: "AWS/SQS", metric_name: "NumberOfMessagesDeleted", treat_missing_data: "breaching" },
        ...{ period: 3600, evaluation_periods: 30, datapoints_to_alarm: 30 },
        dimensions: { QueueName: `millrace-dev-${name}-files` },
      },
    ]);
  });
});
