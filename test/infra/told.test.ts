import { prod } from "../../config/prod";
import { attempts } from "../../modules/retries";
import type { StateMachineDefinition, States, TaskState } from "../../modules/states";
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

const endOf = (states: States, { Catch }: TaskState) => Catch.map(({ Next }) => states[Next]?.Type);

describe("a message that cannot be sent", () => {
  it("is one of each machine's success and of its failure", () => {
    const machines = etl.resources("aws_sfn_state_machine").length;

    expect(machines).toBeGreaterThan(1);
    expect(messages).toHaveLength(2 * machines);
  });

  it.each(messages)("is tried again and changes nothing of the run ($name)", ({ name, states, task }) => {
    expect(attempts(task.Retry)).toBeGreaterThan(3);
    expect(task.Retry).toMatchObject([{ ErrorEquals: ["States.ALL"] }]);
    expect(task.Catch).toMatchObject([{ ErrorEquals: ["States.ALL"] }]);
    expect(endOf(states, task)).toEqual([name.endsWith("publish success") ? "Succeed" : "Fail"]);
  });

  it("raises an alarm, whether SNS refused it or did not answer", () => {
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
    }
  });

  it("of orders, whose worker publishes itself, raises one, too", () => {
    const [alarm] = etl.named("aws_cloudwatch_metric_alarm", "orders_untold");

    expect(alarm?.arguments).toMatchObject({
      ...{ namespace: "millrace", metric_name: "untold", threshold: 1 },
      dimensions: { service: "orders", step: "send" },
    });
  });
});
