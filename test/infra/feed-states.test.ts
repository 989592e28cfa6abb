import { ChunksMissingError } from "../../etl/core/errors";
import { TRANSIENT_ERROR_NAMES } from "../../handlers/step-error";
import type { MapState, PassState, TaskState } from "../../modules/workflow/states";
import { allowed, definitionOf, synth } from "./support/feed";
import { withoutPage } from "./support/page-note";

const { etl } = synth();

describe("its state machine", () => {
  const definition = definitionOf(etl);
  const map = definition.States.load as MapState;
  const task = (name: string) => definition.States[name] as TaskState;

  test("checks, plans, loads what there is and sums up; with nothing to load it sums up at once", () => {
    expect(definition.StartAt).toBe("by an object or not");
    expect(definition.States["by an object or not"]).toMatchObject({ Default: "preflight" });
    expect(task("preflight").Next).toBe("full or not");
    expect(definition.States["full or not"]).toMatchObject({
      Choices: [
        { Variable: "$.full", IsPresent: true, Next: "as it was started" },
        { Variable: "$.replay", IsPresent: true, Next: "objects again" },
      ],
      Default: "what is new",
    });
    const wanted = { full: false, again: false, replay: [] };
    for (const [name, Parameters] of Object.entries({
      "as it was started": { "full.$": "$.full", again: false, replay: [] },
      "objects again": { full: false, again: false, "replay.$": "$.replay" },
      "what is new": wanted,
      "what came meanwhile": { ...wanted, again: true },
    })) {
      expect(definition.States[name]).toEqual({
        Type: "Pass",
        Parameters,
        ResultPath: "$.wanted",
        Next: "name the run",
      });
    }
    expect(definition.States["name the run"]).toMatchObject({ Parameters: { "id.$": "States.UUID()" }, Next: "plan" });
    expect(task("plan").Next).toBe("anything new");
    expect(definition.States["anything new"]).toMatchObject({
      Choices: [{ Next: "no run" }, { Variable: "$.begun.result.chunks", NumericEquals: 0, Next: "summarise" }],
      Default: "load",
    });
    expect(map.Next).toBe("summarise");
    expect(task("summarise").Next).toBe("what to tell");
    expect(definition.States["what to tell"]).toMatchObject({ ResultPath: "$.told", Next: "publish success" });
  });

  test.each([
    ["mend", "mended"],
    ["undo", "undone"],
  ] as const)(
    "asked for a person's %s does that instead, after a run in the function, and nobody waits for it",
    (name, kept) => {
      for (const [states, fn] of [
        [definition.States, "import_load_function"],
        [definitionOf(synth({ engine: "lambda" }).etl).States, "import_run_function"],
      ] as const) {
        const step = states[name] as TaskState;
        expect(states["by an object or not"]).toMatchObject({
          Choices: [
            { Variable: "$.mend", IsPresent: true, Next: "mend" },
            { Variable: "$.undo", IsPresent: true, Next: "undo" },
            { Variable: "$.detail.object" },
          ],
          Default: "preflight",
        });
        expect(step.Parameters).toEqual({
          FunctionName: expect.stringContaining(fn),
          Payload: { [`${name}.$`]: `$.${name}`, "execution.$": "$$.Execution.Id" },
        });
        expect(step).toMatchObject({
          ResultSelector: {
            told: { "text.$": "$.Payload.text" },
            [`${kept}.$`]: "$.Payload.report",
            summary: { again: false },
          },
          ResultPath: "$",
          Next: "publish success",
        });
        expect(step.Retry[0]).toMatchObject({ ErrorEquals: ["Lambda.TooManyRequestsException"], MaxAttempts: 40 });
        expect(step.Catch).toEqual([expect.objectContaining({ ErrorEquals: ["States.ALL"], Next: `${name} failed` })]);
      }
    },
  );

  test("succeeds and notifies nobody if another run is under way, or none was requested", () => {
    expect(definition.States["anything new"]).toMatchObject({
      Choices: [{ Variable: "$.begun.result.waitsFor", IsPresent: true, Next: "no run" }, {}],
    });
    expect(definition.States["no run"]).toMatchObject({ Type: "Pass", Next: "how it ended" });
  });

  test("lists again, and nothing in full, if another start came meanwhile", () => {
    expect(task("render").Next).toBe("again or not");
    expect(definition.States["again or not"]).toMatchObject({
      Choices: [{ Variable: "$.summary.again", BooleanEquals: true, Next: "what came meanwhile" }],
      Default: "how it ended",
    });
    expect(task("plan").Parameters.Payload).toEqual({
      ...{ "full.$": "$.wanted.full", "again.$": "$.wanted.again", "replay.$": "$.wanted.replay" },
      ...{ "runId.$": "$.run.id", "execution.$": "$$.Execution.Id" },
    });
  });

  test("begins another one after a run that failed, where somebody left his work to it, and stays failed", () => {
    const next = (name: string) =>
      Object.entries(definition.States).flatMap(([from, state]) => {
        const choices = "Choices" in state ? [...state.Choices.map((choice) => choice.Next), state.Default] : [];
        return ["Next" in state ? state.Next : "", ...choices].includes(name) ? [from] : [];
      });

    expect(task("render failed run").Next).toBe("again after a failure or not");
    expect(definition.States["again after a failure or not"]).toMatchObject({
      Choices: [
        {
          And: [
            { Variable: "$.owed.again", IsPresent: true },
            { Variable: "$.owed.again", BooleanEquals: true },
          ],
          Next: "once more",
        },
      ],
      Default: "failed",
    });
    expect(task("tell of failure")).toMatchObject({
      ResultSelector: { "again.$": "$.Payload.again" },
      ResultPath: "$.owed",
      Catch: [{ ResultPath: null }],
    });
    // Not for ever: where the database does not answer, nothing is owed.
    expect(definition.States["once more"]).toEqual({
      ...{ Type: "Pass", Result: { again: false }, ResultPath: "$.owed", Next: "what is new" },
    });
    expect(definition.States["how it ended"]).toMatchObject({
      Choices: [{ Variable: "$.reason", IsPresent: true, Next: "failed" }],
      Default: "succeeded",
    });
    expect(next("succeeded")).toEqual(["how it ended"]);
    expect(next("failed").sort()).toEqual(["again after a failure or not", "how it ended"]);
  });

  test("lets executions wait in line for plan, for longer than a run of it", () => {
    const [first] = task("plan").Retry;

    expect(first).toMatchObject({ ErrorEquals: ["Lambda.TooManyRequestsException"] });
    expect((first?.MaxAttempts ?? 0) * (first?.MaxDelaySeconds ?? 0)).toBeGreaterThan(2 * 600);
    expect(task("summarise").Retry[0]?.ErrorEquals).not.toEqual(first?.ErrorEquals);
  });

  test("hands each chunk of the manifest to load", () => {
    expect(map.ItemReader.Parameters).toEqual({
      "Bucket.$": "$.begun.result.manifest.bucket",
      "Key.$": "$.begun.result.manifest.key",
    });
    expect(map.ItemSelector.event).toEqual({
      "runId.$": "$.run.id",
      "chunk.$": "$$.Map.Item.Value",
      "execution.$": "$$.Execution.Id",
    });
    expect(map).toMatchObject({ MaxConcurrency: 4, ToleratedFailurePercentage: 100 });
  });

  test("tries each step again after the errors that its handler calls transient", () => {
    const tasks = [
      task("preflight"),
      task("plan"),
      map.ItemProcessor.States["load item"] as TaskState,
      task("summarise"),
    ];

    for (const { Retry, Catch } of tasks) {
      expect(Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(
        expect.arrayContaining([...TRANSIENT_ERROR_NAMES, "Sandbox.Timedout", "Lambda.TooManyRequestsException"]),
      );
      expect(Catch.at(-1)).toMatchObject({ ErrorEquals: ["States.ALL"] });
    }
    expect(task("summarise").Catch).toEqual([
      {
        ErrorEquals: [new ChunksMissingError("").name],
        ResultPath: "$.failure",
        Next: "which item of load",
      },
      expect.objectContaining({ Next: "summarise failed" }),
    ]);
  });

  test("has a time for all chunks that the configuration says, besides its steps", () => {
    const longer = definitionOf(synth({ maxHours: 48 }).etl);

    expect(longer.TimeoutSeconds - definition.TimeoutSeconds).toBe(24 * 3600);
    expect(definition.TimeoutSeconds).toBeGreaterThan(24 * 3600);
  });

  test("gives the success message a value for each of its places", () => {
    const told = definition.States["what to tell"] as PassState;
    const message = String(told.Parameters?.["text.$"]);

    expect(withoutPage(task("publish success").Parameters["Message.$"])).toBe("$.told.text");
    expect(message.match(/\{\}/g)).toHaveLength(message.match(/\$\.summary\./g)?.length ?? 0);
    expect(message).toMatch(/^States\.Format\('\{\}\n/);
  });

  test("ends a planned run in the ledger when it failed, and publishes the failure whether or not that went well", () => {
    const tell = task("tell of failure");

    for (const name of ["take message", "take cause", "no cause"]) {
      expect(definition.States[name]).toMatchObject({ Next: "whether to tell of failure" });
    }
    expect(definition.States["whether to tell of failure"]).toMatchObject({
      Choices: [{ Variable: "$.run.id", IsPresent: true, Next: "tell of failure" }],
      Default: "publish failure",
    });
    expect(tell.Parameters.Payload).toEqual({ "runId.$": "$.run.id", "failure.$": "$.reason" });
    expect([tell.Next, ...tell.Catch.map(({ Next }) => Next)]).toEqual(["publish failure", "publish failure"]);
  });

  test("names object and range of a chunk that failed", () => {
    const keep = map.ItemProcessor.States["keep failure of load item"] as TaskState;

    expect(keep.Parameters.Body).toMatchObject({
      "step.$":
        "States.Format('load of {}', States.Format('{}, bytes {} to {}', $.event.chunk.key, $.event.chunk.start, $.event.chunk.end))",
    });
  });
});

describe("the engine lambda", () => {
  const template = synth({ engine: "lambda" }).etl;
  const { States, TimeoutSeconds } = definitionOf(template);
  const run = States.run as TaskState;

  test("is one function, called again by the same name while it has left something", () => {
    expect(
      template.named("aws_lambda_function", "import_").map(({ arguments: { function_name: name } }) => name),
    ).toEqual(expect.arrayContaining(["millrace-prod-import-preflight", "millrace-prod-import-run"]));
    expect(template.named("aws_lambda_function", "import_")).toHaveLength(2);
    expect(States["name the run"]).toMatchObject({ ResultPath: "$.run", Next: "run" });
    expect(run).toMatchObject({ ResultPath: "$.begun", Next: "left or not" });
    expect(run.Parameters.Payload).toMatchObject({ "runId.$": "$.run.id", "replay.$": "$.wanted.replay" });
    expect(States["left or not"]).toMatchObject({
      Choices: [
        { Variable: "$.begun.result.waitsFor", IsPresent: true, Next: "no run" },
        { Variable: "$.begun.result.left", NumericGreaterThan: 0, Next: "run" },
      ],
      Default: "take the sum",
    });
    expect(States["take the sum"]).toMatchObject({ InputPath: "$.begun.result.summary", Next: "what to tell" });
  });

  test("is called again where it died, for more than one chunk that it dies of", () => {
    const killed = run.Retry.find(({ ErrorEquals }) => ErrorEquals.includes("Sandbox.Timedout"));

    expect(killed?.MaxAttempts).toBe(5);
    expect((States.preflight as TaskState).Retry.at(-1)?.MaxAttempts).toBe(1);
  });

  test("has the hours that the configuration says for all its calls", () => {
    const longer = definitionOf(synth({ engine: "lambda", maxHours: 48 }).etl);

    expect(TimeoutSeconds).toBeGreaterThan(24 * 3600);
    expect(longer.TimeoutSeconds - TimeoutSeconds).toBe(24 * 3600);
    // Step Functions takes whole seconds alone.
    for (const seconds of [TimeoutSeconds, definitionOf(etl).TimeoutSeconds]) expect(seconds).toBe(Math.floor(seconds));
  });

  test("reads the raw files and corrected rows, and reads and writes manifests alone", () => {
    expect(allowed(template, "run", "s3:")).toEqual([
      "s3:GetObject aws_s3_bucket.platform_incoming_bucket/import/*",
      "s3:GetObject aws_s3_bucket.platform_raw_bucket/import/manifests/*",
      "s3:GetObject aws_s3_bucket.platform_raw_bucket/import/mends/*",
      "s3:ListBucket aws_s3_bucket.platform_incoming_bucket",
      "s3:PutObject aws_s3_bucket.platform_raw_bucket/import/manifests/*",
    ]);
  });

  test("ends a run in the ledger that was killed", () => {
    expect((States["tell of failure"] as TaskState).Parameters).toMatchObject({
      Payload: { "runId.$": "$.run.id", "failure.$": "$.reason" },
      FunctionName: expect.stringContaining("import_run_function"),
    });
  });
});
