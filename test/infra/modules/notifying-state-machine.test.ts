import { NotifyingStateMachine } from "../../../modules/workflow/notifying-state-machine";
import type { StateMachineDefinition } from "../../../modules/workflow/states";
import { createParts } from "../support/parts";
import { synthesizeConstruct } from "../support/synthesize";

function definitionOf(successMessage?: string): StateMachineDefinition {
  const template = synthesizeConstruct((scope) => {
    const { key, topic, createFunction } = createParts(scope);
    const step = { payload: {}, resultSelector: {}, resultPath: "$", retryOn: [] };
    new NotifyingStateMachine(scope, "machine", {
      pipeline: "feeds",
      ...{ name: "sales", description: "Of the test.", startAt: "load", key, topic, logRetentionDays: 1 },
      steps: { load: { ...step, function: createFunction("load") } },
      successMessage,
    });
  });
  return JSON.parse(String(template.only("aws_sfn_state_machine").definition));
}

describe("NotifyingStateMachine", () => {
  test("tells of success what the message says", () => {
    const { States } = definitionOf("States.Format('done')");

    expect(States.load).toMatchObject({ Next: "publish success" });
    expect(States["publish success"]).toMatchObject({ Parameters: { "Message.$": "States.Format('done')" } });
  });

  test("leaves a success as it is where its message cannot be sent, after several tries", () => {
    const publish = definitionOf("States.Format('done')").States["publish success"];

    expect(publish).toMatchObject({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "succeeded" }] });
    expect(publish).toMatchObject({
      Retry: expect.arrayContaining([expect.objectContaining({ MaxAttempts: expect.any(Number) })]),
    });
  });

  test("notifies only of failures if there is no message", () => {
    const { States } = definitionOf();

    expect(States.load).toMatchObject({ Next: "succeeded", Catch: [{ Next: "load failed" }] });
    expect(Object.keys(States).filter((name) => name.startsWith("publish"))).toEqual(["publish failure"]);
  });
});
