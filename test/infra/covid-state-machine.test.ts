import type { Overrides } from "../../config/overrides";
import { prod } from "../../config/prod";
import { TRANSIENT_ERROR_NAMES } from "../../handlers/step-error";
import type { PassState, StateMachineDefinition, TaskState } from "../../modules/workflow/states";
import { withoutPage } from "./support/page-note";
import { someBackend, synthesizeShipped } from "./support/synthesize";

const { etl } = synthesizeShipped({ environment: prod, backend: someBackend });
const machine = etl.only("aws_sfn_state_machine");
const definition: StateMachineDefinition = JSON.parse(String(machine.definition));
const tasks = Object.entries(definition.States).filter(
  (entry): entry is [string, TaskState] => entry[1].Type === "Task",
);
/** The states that make the page: whatever becomes of them, the run's own result stays. */
const RENDERS = ["render", "render failed run"];
const steps = tasks.filter(([name]) => name !== "publish failure");

const FUNCTIONS = etl.resources("aws_lambda_function");

/** The time-out of the function that a state calls; another service has answered or not at once. */
function functionSeconds({ Parameters }: TaskState): number {
  const fn = FUNCTIONS.find(({ address }) => String(Parameters.FunctionName).includes(`${address}.`));
  return Number(fn?.arguments.timeout ?? 0);
}

/** Every name of a state that a state leads to. */
function nextOf(name: string): string[] {
  const state = definition.States[name];
  if (state === undefined) throw new Error(`the definition has no state ${name}`);
  if (state.Type === "Choice") return [...state.Choices.map(({ Next }) => Next), state.Default];
  if (state.Type === "Task") return [state.Next, ...state.Catch.map(({ Next }) => Next)];
  return state.Type === "Pass" ? [state.Next] : [];
}

function reachable(from: string, seen = new Set<string>()): Set<string> {
  if (seen.has(from)) return seen;
  seen.add(from);
  for (const next of nextOf(from)) reachable(next, seen);
  return seen;
}

/** The states on every way from one: where each leads on alone, or all its choices meet again. */
function passesThrough(from: string, wanted: string): boolean {
  if (from === wanted) return true;
  const next = nextOf(from);
  return next.length > 0 && next.every((name) => passesThrough(name, wanted));
}

describe("the covid state machine", () => {
  test("is logged with its data, and traced", () => {
    expect(machine).toMatchObject({
      name: "millrace-prod-covid",
      logging_configuration: { level: "ALL", include_execution_data: true },
      tracing_configuration: { enabled: true },
    });
  });

  test("reaches each of its states, and names no other", () => {
    expect([...reachable(definition.StartAt)].sort()).toEqual(Object.keys(definition.States).sort());
  });

  test("fetches and loads, or loads the objects or corrected rows that it is given, or undoes a run", () => {
    expect(nextOf(definition.StartAt)).toEqual(["mend", "undo", "load", "fetch"]);
    expect(definition.States[definition.StartAt]).toMatchObject({
      Choices: [
        { Variable: "$.mend", IsPresent: true, Next: "mend" },
        { Variable: "$.undo", IsPresent: true, Next: "undo" },
        { Variable: "$.objects", IsPresent: true, Next: "load" },
      ],
    });
    const [load, mend, undo] = ["load", "mend", "undo"].map(
      (name) => (definition.States[name] as TaskState).Parameters,
    );
    expect(mend?.Payload).toEqual({ "mend.$": "$.mend", "execution.$": "$$.Execution.Id" });
    expect(undo?.Payload).toEqual({ "undo.$": "$.undo", "execution.$": "$$.Execution.Id" });
    expect([mend?.FunctionName, undo?.FunctionName]).toEqual([load?.FunctionName, load?.FunctionName]);
    expect(tasks.map(([name, { Next }]) => [name, Next])).toEqual([
      ["fetch", "load"],
      ["load", "what to tell"],
      ["mend", "publish success"],
      ["undo", "publish success"],
      ["publish success", "render"],
      ["render", "succeeded"],
      ["render failed run", "failed"],
      ["publish failure", "render failed run"],
    ]);
  });

  test("passes on to fetch all that it was started with, as a path to a day that is not there would fail it", () => {
    const { Parameters } = definition.States.fetch as TaskState;

    expect(Parameters.Payload).toEqual({ "asked.$": "$" });
  });

  test.each(tasks)("tries %s again, with growing and jittered delays, and ends it in time", (_, task) => {
    expect(task.TimeoutSeconds).toBeGreaterThanOrEqual(functionSeconds(task) + 10);
    expect(task.TimeoutSeconds).toBeLessThan(Number(definition.TimeoutSeconds));
    expect(task.Retry.length).toBeGreaterThan(0);
    for (const retrier of task.Retry) {
      expect(retrier.MaxAttempts).toBeGreaterThanOrEqual(1);
      if (retrier.MaxAttempts > 1) expect(retrier.BackoffRate).toBeGreaterThan(1);
      expect(retrier.JitterStrategy).toBe("FULL");
    }
  });

  test.each(["fetch", "load", "mend", "undo"])(
    "tries %s again after the errors that its handler calls transient, and after a kill",
    (step) => {
      const [, task] = tasks.find(([name]) => name === step) ?? [];

      const retried = task?.Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(retried).toEqual(expect.arrayContaining([...TRANSIENT_ERROR_NAMES]));
      expect(retried).toEqual(
        expect.arrayContaining(["Lambda.ServiceException", "Sandbox.Timedout", "States.Timeout"]),
      );
      expect(retried).not.toContain("States.ALL");
    },
  );

  const working = steps.filter(([name]) => name !== "publish success" && !RENDERS.includes(name));

  test.each(working)("catches whatever happens to %s, and publishes it under that name on every way", (name, task) => {
    const [catcher, ...others] = task.Catch;

    expect(others).toEqual([]);
    expect(catcher).toEqual({ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: `${name} failed` });
    expect(definition.States[`${name} failed`]).toMatchObject({ Type: "Pass", Result: name, ResultPath: "$.step" });
    expect(passesThrough(`${name} failed`, "publish failure")).toBe(true);
  });

  test("passes on all that its message of success says, lines about dropped rows and warnings included", () => {
    const [, load] = tasks.find(([name]) => name === "load") ?? [];
    const message = JSON.stringify(definition.States["what to tell"]);

    const said = [...message.matchAll(/\$\.load\.(\w+)/g)].map(([, name]) => `${name}.$`);
    expect(said).toEqual(expect.arrayContaining(["droppedLine.$", "warningLines.$"]));
    expect(Object.keys(load?.ResultSelector ?? {})).toEqual(expect.arrayContaining(said));
  });

  test("ends as failed after a failure, published or not, with the step's own error", () => {
    expect(nextOf("publish failure")).toEqual(["render failed run", "render failed run"]);
    expect(passesThrough("publish failure", "failed")).toBe(true);
    expect(definition.States.failed).toEqual({ Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.reason" });
  });

  test("says the counts on success; and on failure step, error, reason and where to look", () => {
    const messages = Object.fromEntries(
      tasks.map(([name, { Parameters }]) => [name, withoutPage(Parameters["Message.$"])]),
    );

    const told = String((definition.States["what to tell"] as PassState).Parameters?.["text.$"]);
    expect(messages["publish success"]).toBe("$.told.text");
    expect(told).toMatch(
      /^States\.Format\('There were \{\} inserts and \{\} updates\n.*', \$\.load\.inserted, \$\.load\.updated, /s,
    );
    expect(messages["publish failure"]).toContain("#/v2/executions/details/{}");
    expect(messages["publish failure"]).toMatch(/, \$\.step, \$\.failure\.Error, \$\.reason, \$\$\.Execution\.Id\)$/);
    for (const message of [told, messages["publish failure"]]) {
      const [format = "", ...values] = String(message).split(/', |, (?=\$)/);
      expect(format.match(/\{\}/g)).toHaveLength(values.length);
    }
  });

  test("makes the page of the run that ended, and ends as it would without, whatever becomes of that", () => {
    const fn = etl.named("aws_lambda_function", "pages_render")[0];
    const [success, failure] = RENDERS.map((name) => definition.States[name] as TaskState);

    expect(RENDERS.map((name) => nextOf(name))).toEqual([
      ["succeeded", "succeeded"],
      ["failed", "failed"],
    ]);
    for (const state of [success, failure]) {
      expect(state?.Catch).toEqual([expect.objectContaining({ ErrorEquals: ["States.ALL"], ResultPath: null })]);
      // The error of the run, which it ends with, must stay where it is.
      expect(state?.ResultPath).toBeNull();
      expect(state?.Parameters.FunctionName).toContain(fn?.address);
    }
    expect(success?.Parameters.Payload).toEqual({ pipeline: "covid" });
    expect(failure?.Parameters.Payload).toEqual({ pipeline: "covid", "failedStep.$": "$.step" });
  });

  test("tells on success and on failure by which command the page comes, and where the console shows it", () => {
    for (const state of ["publish success", "publish failure"]) {
      const message = String((definition.States[state] as TaskState).Parameters["Message.$"]);

      expect(message).toContain("\nPage: ENVIRONMENT=prod npm run ops -- page covid\n");
      expect(message).toMatch(
        /\nIn the console: https:\/\/\$\{\S+region\S*\}\.\$\{local\.\S+\}\/s3\/object\/\$\{aws_s3_bucket\.platform_pages_\S+\}\?region=\$\{\S+\}&prefix=pages\/covid\/index\.html'/,
      );
    }
  });

  test("gives each function the time that before Step Functions gives up on it", () => {
    for (const [step, timeout] of Object.entries({ fetch: 120, load: 300 })) {
      expect(tasks.find(([name]) => name === step)?.[1].TimeoutSeconds).toBeGreaterThan(timeout);
    }
  });

  test("has a time-out of its own that no run with all its tries comes to", () => {
    const slowest = tasks.reduce((sum, [, { TimeoutSeconds, Retry }]) => {
      const attempts = Retry.reduce((count, { MaxAttempts }) => count + MaxAttempts, 1);
      const delays = Retry.reduce(
        (total, { MaxAttempts, MaxDelaySeconds }) => total + MaxAttempts * MaxDelaySeconds,
        0,
      );
      return sum + attempts * TimeoutSeconds + delays;
    }, 0);
    const least = tasks.reduce((sum, [, { TimeoutSeconds, Retry }]) => {
      return sum + Retry.reduce((count, { MaxAttempts }) => count + MaxAttempts, 1) * TimeoutSeconds;
    }, 0);

    expect(definition.TimeoutSeconds).toBeGreaterThan(least);
    expect(definition.TimeoutSeconds).toBeLessThanOrEqual(slowest + 60);
  });
});

describe("its schedule", () => {
  const scheduleOf = (overrides: Overrides) => {
    const [schedule, ...others] = synthesizeShipped({ overrides }).etl.named("aws_scheduler_schedule", "covid_");
    expect(others).toEqual([]);
    return schedule?.arguments;
  };

  test("starts it by the clock of the configured zone, and keeps the starts that failed", () => {
    const overrides = { pipelines: { covid: { schedule: { expression: "rate(1 day)", timeZone: "Europe/Berlin" } } } };
    const schedule = scheduleOf(overrides);

    expect(schedule).toMatchObject({
      schedule_expression: "rate(1 day)",
      schedule_expression_timezone: "Europe/Berlin",
      state: "ENABLED",
      kms_key_arn: expect.stringContaining("aws_kms_key.platform_key"),
      target: {
        arn: expect.stringMatching(/^\$\{aws_sfn_state_machine\.covid_machine_/),
        input: "{}",
        retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 10 },
        dead_letter_config: { arn: expect.stringMatching(/^\$\{aws_sqs_queue\.covid_dead-letters_/) },
      },
    });
  });

  test("can be switched off", () => {
    const overrides = { pipelines: { covid: { schedule: { enabled: false } } } };

    expect(scheduleOf(overrides)?.state).toBe("DISABLED");
  });
});
