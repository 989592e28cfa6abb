import { dev } from "../../config/dev";
import { someBackend, synthesizeShipped as synthesize } from "./support/synthesize";

const overdueOf = (pipelines: Readonly<Record<string, unknown>>, feeds = {}) =>
  synthesize({ environment: dev, backend: someBackend, overrides: { pipelines, feeds } })
    .etl.resources("aws_cloudwatch_metric_alarm")
    .map(({ arguments: alarm }) => alarm)
    .filter(({ alarm_name: name }) => String(name).endsWith("-overdue"));

const watchOf = (pipelines: Readonly<Record<string, unknown>>) => {
  const { etl } = synthesize({ environment: dev, backend: someBackend, overrides: { pipelines } });
  const named = (type: string) =>
    etl
      .resources(type)
      .map(({ arguments: resource }) => resource)
      .filter(({ name }) => String(name).endsWith("-overdue"));
  return { schedules: named("aws_scheduler_schedule"), machines: named("aws_sfn_state_machine") };
};

describe("the alarm of a run that did not happen", () => {
  test("waits for successes of the machine, and takes hours without any measure for hours without a run", () => {
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
    expect(alarm?.alarm_description).toMatch(/ops -- status covid .*switched off by hand.*ops -- start covid/);
  });

  test.each([
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

  test("gives a run of a feed its hours, and says where its schedule is", () => {
    const alarms = overdueOf({ covid: { enabled: false } }, { sales: { maxHours: 48 } });

    expect(alarms).toMatchObject([{ alarm_name: "millrace-dev-sales-overdue", evaluation_periods: 24 + 2 + 48 }]);
    expect(alarms[0]?.alarm_description).toContain("feeds.sales.schedule.enabled: false");
  });

  test("is not made for a schedule that is switched off on purpose", () => {
    const covid = { schedule: { enabled: false } };

    expect(overdueOf({ covid })).toEqual([]);
    expect(watchOf({ covid })).toEqual({ schedules: [], machines: [] });
  });

  test.each([
    ["days of the month", "cron(0 7 1 * ? *)", 2],
    ["a day of the week", "cron(0 7 ? * MON *)", 2],
    ["one time", "at(2031-01-01T07:00:00)", 2],
    // Two rates need not begin at the same time.
    ["a rate of a week", "rate(7 days)", 170],
  ])("is a watch by the same clock, where CloudWatch looks back no further: %s", (_, expression, hours) => {
    const covid = { schedule: { expression, timeZone: "Europe/Berlin" } };
    const { schedules, machines } = watchOf({ covid });

    expect(overdueOf({ covid })).toEqual([]);
    expect(schedules).toMatchObject([
      { schedule_expression: expression, schedule_expression_timezone: "Europe/Berlin", state: "ENABLED" },
    ]);
    expect(schedules).toMatchObject([{ target: { arn: expect.stringMatching(/covid_overdue_machine/) } }]);
    const input = (schedules[0]?.target as { input?: string } | undefined)?.input ?? "";
    expect(JSON.parse(input)).toEqual({ scheduled: "<aws.scheduler.scheduled-time>", seconds: hours * 3600 });
    const { TimeoutSeconds, States } = JSON.parse(String(machines[0]?.definition));
    expect(TimeoutSeconds).toBeGreaterThan(hours * 3600);
    expect(States.tell.Parameters).toMatchObject({
      Subject: "ERROR: millrace-dev-covid overdue",
      "Message.$": expect.stringMatching(/ops -- status covid .*switched off by hand.*ops -- start covid/s),
    });
  });

  test.each(["orders", "metadata"])("waits for objects of %s where the configuration expects them", (name) => {
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
