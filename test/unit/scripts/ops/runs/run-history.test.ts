import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { enteredStates, failedStep, replayInput } from "../../../../../scripts/ops/runs/run-history";

const objects = [{ name: "cases", key: "covid/cases/2026-11-24/ab.csv" }];

describe("a run's history", () => {
  test("has the states in their order", () => {
    expect(enteredStates([entered("fetch"), exited("fetch"), entered("load")])).toEqual(["fetch", "load"]);
  });

  test("names the step that failed, not the states that reported it", () => {
    const history = [entered("fetch"), entered("fetch failed"), entered("what cause"), entered("publish failure")];

    expect(failedStep(history)).toBe("fetch");
  });

  test("names the element of a map that failed, as the message does", () => {
    const step = "load of import/broken.csv, bytes 0 to 10";
    const history = [entered("plan"), entered("load"), entered("take item of load"), entered("failed", { step })];

    expect(failedStep(history)).toBe(step);
    expect(failedStep([entered("load"), entered("failed")])).toBe("load");
  });

  test("names the state in which a run was cut off", () => {
    expect(failedStep([entered("fetch"), entered("load")])).toBe("load");
    expect(failedStep([])).toBeUndefined();
  });
});

describe("the input of a replay", () => {
  test("has the objects that a step gave, also where a later one failed", () => {
    const history = [entered("fetch", {}), exited("fetch", { objects }), entered("load", { objects })];

    expect(replayInput("{}", history)).toEqual({ input: JSON.stringify({ objects }), objects: 1 });
  });

  test("has the objects that the run itself was given", () => {
    const input = JSON.stringify({ objects });

    expect(replayInput(input, [])).toEqual({ input, objects: 1 });
  });

  test("is the run's own where it names no objects", () => {
    expect(replayInput('{"full":true}', [entered("plan", { full: true }), exited("plan", { chunks: 3 })])).toEqual({
      input: '{"full":true}',
    });
  });
});

function entered(name: string, input: object = {}): HistoryEvent {
  return event({ stateEnteredEventDetails: { name, input: JSON.stringify(input) } });
}

function exited(name: string, output: object = {}): HistoryEvent {
  return event({ stateExitedEventDetails: { name, output: JSON.stringify(output) } });
}

function event(details: Partial<HistoryEvent>): HistoryEvent {
  return { timestamp: new Date(0), type: undefined, id: 1, ...details };
}
