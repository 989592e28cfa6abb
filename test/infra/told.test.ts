import type { Overrides } from "../../config/overrides";
import { prod } from "../../config/prod";
import { attempts } from "../../modules/workflow/retries";
import type { StateMachineDefinition, States, TaskState } from "../../modules/workflow/states";
import { everyPipeline } from "./support/combinations";
import { someBackend, synthesize } from "./support/synthesize";

const { etl } = synthesize({ environment: prod, overrides: everyPipeline, backend: someBackend });

/** Every state of every machine that sends a message. */
const messages = etl.resources("aws_sfn_state_machine").flatMap(({ arguments: { name, definition } }) => {
  const { States }: StateMachineDefinition = JSON.parse(String(definition));
  return Object.entries(States)
    .filter(
      (entry): entry is [string, TaskState] => entry[1].Type === "Task" && entry[1].Resource.endsWith(":sns:publish"),
    )
    .map(([state, task]) => ({ name: `${name}: ${state}`, states: States, task }));
});

/**
 * How every way from a state ends: the page is made after the message, whether or not it was sent. No feed lists again.
 */
function endsOf(states: States, name: string): (string | undefined)[] {
  const state = states[name];
  if (state?.Type === "Choice") return endsOf(states, state.Default);
  if (state?.Type !== "Task") return [state?.Type];
  return [state.Next, ...state.Catch.map(({ Next }) => Next)].flatMap((next) => endsOf(states, next));
}

const endOf = (states: States, { Catch }: TaskState) => [...new Set(Catch.flatMap(({ Next }) => endsOf(states, Next)))];

describe("a message that cannot be sent", () => {
  test("is one of each machine's success and of its failure", () => {
    const machines = etl.resources("aws_sfn_state_machine").length;

    expect(machines).toBeGreaterThan(1);
    expect(messages).toHaveLength(2 * machines);
  });

  test.each(messages)("is tried again and changes nothing of the run ($name)", ({ name, states, task }) => {
    expect(attempts(task.Retry)).toBeGreaterThan(3);
    expect(task.Retry).toMatchObject([{ ErrorEquals: ["States.ALL"] }]);
    expect(task.Catch).toMatchObject([{ ErrorEquals: ["States.ALL"] }]);
    expect(endOf(states, task)).toEqual([name.endsWith("publish success") ? "Succeed" : "Fail"]);
  });

  test("raises an alarm, whether SNS refused it or did not answer", () => {
    const alarms = etl.named("aws_cloudwatch_metric_alarm", "platform_untold").map((alarm) => alarm.arguments);

    expect(alarms.map(({ metric_name }) => metric_name).sort()).toEqual([
      "ServiceIntegrationsFailed",
      "ServiceIntegrationsTimedOut",
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        ...{ namespace: "AWS/States", statistic: "Sum", threshold: 1 },
        dimensions: { ServiceIntegrationResourceArn: expect.stringMatching(/:states:.+:.+:sns:publish$/) },
      });
      const said = alarm.metric_name === "ServiceIntegrationsTimedOut" ? "did not answer" : "refused";
      expect(alarm.alarm_description).toMatch(new RegExp(`^SNS ${said} a message`));
    }
  });

  test("of orders, whose worker publishes itself, raises one, too", () => {
    const [alarm] = etl.named("aws_cloudwatch_metric_alarm", "orders_untold");

    expect(alarm?.arguments).toMatchObject({
      ...{ namespace: "millrace", metric_name: "untold", threshold: 1 },
      dimensions: { service: "orders", step: "send" },
    });
  });
});

describe("a topic without a confirmed subscription", () => {
  const unheardOf = (overrides: Overrides) =>
    synthesize({ environment: prod, backend: someBackend, overrides })
      .etl.resources("aws_cloudwatch_metric_alarm")
      .map(({ arguments: alarm }) => alarm)
      .filter(({ alarm_name: name }) => String(name).endsWith("-unheard"));

  test("raises an alarm where a day had messages and none was delivered", () => {
    const [alarm, ...others] = unheardOf({});

    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      alarm_name: "millrace-prod-notifications-unheard",
      ...{ comparison_operator: "LessThanThreshold", threshold: 1, treat_missing_data: "ignore" },
      metric_query: [
        { id: "published", metric: { metric_name: "NumberOfMessagesPublished", stat: "Sum", period: 86400 } },
        { id: "delivered", metric: { metric_name: "NumberOfNotificationsDelivered", stat: "Sum", period: 86400 } },
        { id: "filtered", metric: { metric_name: "NumberOfNotificationsFilteredOut", stat: "Sum", period: 86400 } },
        { expression: "IF(published > 0, FILL(delivered, 0) + FILL(filtered, 0), 1)", return_data: true },
      ],
    });
    expect(alarm?.alarm_description).toMatch(/npm run ops -- list/);
  });

  test("to one pipeline's own recipients is sent to all others", () => {
    const alarms = unheardOf({ pipelines: { covid: { recipients: { emails: ["team@example.com"] } } } });

    expect(alarms.map((alarm) => [alarm.alarm_name, alarm.alarm_actions])).toEqual([
      ["millrace-prod-covid-notifications-unheard", [expect.stringMatching(/aws_sns_topic\.platform_/)]],
      ["millrace-prod-notifications-unheard", [expect.stringMatching(/aws_sns_topic\.platform_/)]],
    ]);
  });
});
