import type { NodeFunction } from "../../../modules/function/node-function";
import type { Bucket } from "../../../modules/storage/bucket";
import type { NotifyingStateMachineProps } from "../../../modules/workflow/notifying-state-machine";
import { isMend, isUndo, mendStep, telling, undoStep } from "../mend-states";
import { TRANSIENT_ERRORS } from "../pipeline";

const SUCCESS = [
  "{}",
  "Rows: {}, objects: {}, chunks: {}, seconds: {}",
  "{} unchanged, {} superseded, {} rejected{}",
].join("\n");

/** What the message says of the summary, in its order. */
const TOLD = [
  ...["text", "rows", "objects", "chunks", "seconds", "unchanged", "superseded", "rejected"],
  "warningLines",
];

type States = Pick<NotifyingStateMachineProps, "steps" | "maps" | "choices" | "onFailure">;
type Choices = NonNullable<States["choices"]>;

const retryOn = TRANSIENT_ERRORS;
/** `ChunksMissingError` of etl/core/errors.ts. */
const CHUNKS_MISSING = "ChunksMissingError";

/** A chunk that a call died of comes last in the next one, and two calls die of it at most. */
const MOST_KILLS = 5;

/** What the function gave that began the run, whatever it gave. */
const BEGUN = "$.begun";
const RESULT = `${BEGUN}.result`;

/** What the function said that was told of the failure: whether somebody left his work to the run that failed. */
const OWED = "$.owed";

const WHAT_TO_TELL = "what to tell";
/** Nobody waits for a mend, or an undo. */
const NO_OTHER_RUN = { summary: { again: false } };

/** What a run is asked for, and what it is called: at `$.wanted` and `$.run.id`. */
const wanted = {
  "full.$": "$.wanted.full",
  "again.$": "$.wanted.again",
  "replay.$": "$.wanted.replay",
  "runId.$": "$.run.id",
  "execution.$": "$$.Execution.Id",
};

/** From the start to the state that begins a run, and from the end of one to the next, where somebody came meanwhile. */
function around(begin: string, verdicts: string | undefined): Choices {
  const key = "$.detail.object.key";
  const ofVerdict = [
    { Variable: key, IsPresent: true },
    { Variable: key, StringMatches: `*${verdicts}` },
  ];
  return {
    "by an object or not": {
      Type: "Choice",
      Comment: "Of a thousand new objects at once one checks and loads, and most find that run under way",
      Choices: [
        isMend,
        isUndo,
        // What a run wrote itself is nothing new.
        ...(verdicts === undefined ? [] : [{ And: ofVerdict, Next: "succeeded" }]),
        { Variable: "$.detail.object", IsPresent: true, Next: "what is new" },
      ],
      Default: "preflight",
    },
    "full or not": {
      Type: "Choice",
      Comment: 'Started with {"full": true}, all objects are loaded again; with {"replay": ["KEY"]}, those',
      Choices: [
        { Variable: "$.full", IsPresent: true, Next: "as it was started" },
        { Variable: "$.replay", IsPresent: true, Next: "objects again" },
      ],
      Default: "what is new",
    },
    "as it was started": want({ "full.$": "$.full", again: false, replay: [] }),
    "objects again": want({ full: false, again: false, "replay.$": "$.replay" }),
    "what is new": want({ full: false, again: false, replay: [] }),
    "what came meanwhile": want({ full: false, again: true, replay: [] }),
    "name the run": {
      Type: "Pass",
      Comment: "Before it is begun, so that another try goes on with it, and a failure is known by it",
      Parameters: { "id.$": "States.UUID()" },
      ResultPath: "$.run",
      Next: begin,
    },
    "no run": {
      Type: "Pass",
      Comment: "Another run is under way, and lists again before it ends; or none was requested",
      InputPath: RESULT,
      ResultPath: "$.summary",
      Next: "how it ended",
    },
    [WHAT_TO_TELL]: telling(`States.Format('${SUCCESS}', ${TOLD.map((name) => `$.summary.${name}`).join(", ")})`),
    "again or not": {
      Type: "Choice",
      Choices: [{ Variable: "$.summary.again", BooleanEquals: true, Next: "what came meanwhile" }],
      Default: "how it ended",
    },
    "again after a failure or not": {
      Type: "Choice",
      Comment: "Who left his work to a run that failed waits for no other start",
      Choices: [
        {
          And: [
            { Variable: `${OWED}.again`, IsPresent: true },
            { Variable: `${OWED}.again`, BooleanEquals: true },
          ],
          Next: "once more",
        },
      ],
      Default: "failed",
    },
    // What is kept here is of this failure: of the next one the function may not come to say anything.
    "once more": { Type: "Pass", Result: { again: false }, ResultPath: OWED, Next: "what is new" },
    "how it ended": {
      Type: "Choice",
      Comment: "A run that failed stays so, however the one after it ended",
      Choices: [{ Variable: "$.reason", IsPresent: true, Next: "failed" }],
      Default: "succeeded",
    },
  };
}

/** Keeps at `$.wanted` what a run is asked for. */
function want(parameters: Readonly<Record<string, unknown>>): Choices[string] {
  return { Type: "Pass", Parameters: parameters, ResultPath: "$.wanted", Next: "name the run" };
}

const noRun = { Variable: `${RESULT}.waitsFor`, IsPresent: true, Next: "no run" } as const;

/** The ledger may know of the run, whether the answer of what began it came or not. */
const whenFailed = (fn: NodeFunction): NonNullable<States["onFailure"]> => ({
  when: "$.run.id",
  function: fn,
  payload: { "runId.$": "$.run.id", "failure.$": "$.reason" },
  keeps: { resultSelector: { "again.$": "$.Payload.again" }, resultPath: OWED },
  retryOn,
});

const preflight = (fn: NodeFunction): States["steps"][string] => ({
  function: fn,
  payload: { "execution.$": "$$.Execution.Id" },
  resultSelector: { "checks.$": "$.Payload.checks" },
  resultPath: "$.preflight",
  retryOn,
  next: "full or not",
});

interface LambdaSettings {
  readonly maxHours: number;
  /** How the keys end of what runs write beside the objects; undefined where they write nothing. */
  readonly verdicts: string | undefined;
}

/** The engine `lambda`: one function, called again while it has left something. */
export function lambdaStates(
  fns: Readonly<Record<"preflight" | "run", NodeFunction>>,
  { maxHours, verdicts }: LambdaSettings,
): States {
  return {
    choices: {
      ...around("run", verdicts),
      "left or not": {
        Type: "Choice",
        Choices: [noRun, { Variable: `${RESULT}.left`, NumericGreaterThan: 0, Next: "run" }],
        Default: "take the sum",
      },
      "take the sum": { Type: "Pass", InputPath: `${RESULT}.summary`, ResultPath: "$.summary", Next: WHAT_TO_TELL },
    },
    steps: {
      preflight: preflight(fns.preflight),
      run: {
        function: fns.run,
        payload: wanted,
        resultSelector: { "result.$": "$.Payload" },
        resultPath: BEGUN,
        retryOn,
        queues: true,
        kills: MOST_KILLS,
        longestSeconds: maxHours * 3600,
        next: "left or not",
      },
      mend: mendStep(fns.run, NO_OTHER_RUN),
      undo: undoStep(fns.run, NO_OTHER_RUN),
    },
    onFailure: whenFailed(fns.run),
  };
}

export interface MapSettings extends LambdaSettings {
  readonly maxConcurrency: number;
  readonly bucket: Bucket;
  /** Where in it the feed's runs keep what they need; it ends with a slash. */
  readonly prefix: string;
}

/** The engine `distributed-map`: `load` for each chunk of the manifest. */
export function mapStates(
  fns: Readonly<Record<"preflight" | "plan" | "load" | "summarise", NodeFunction>>,
  { maxHours, verdicts, ...settings }: MapSettings,
): States {
  return {
    choices: {
      ...around("plan", verdicts),
      "anything new": {
        Type: "Choice",
        Choices: [noRun, { Variable: `${RESULT}.chunks`, NumericEquals: 0, Next: "summarise" }],
        Default: "load",
      },
    },
    steps: {
      preflight: preflight(fns.preflight),
      plan: {
        function: fns.plan,
        payload: wanted,
        resultSelector: { "result.$": "$.Payload" },
        resultPath: BEGUN,
        retryOn,
        queues: true,
        next: "anything new",
      },
      summarise: {
        function: fns.summarise,
        payload: { "runId.$": "$.run.id" },
        resultSelector: Object.fromEntries([...TOLD, "again"].map((name) => [`${name}.$`, `$.Payload.${name}`])),
        resultPath: "$.summary",
        retryOn,
        elements: { of: "load", failed: CHUNKS_MISSING },
        next: WHAT_TO_TELL,
      },
      mend: mendStep(fns.load, NO_OTHER_RUN),
      undo: undoStep(fns.load, NO_OTHER_RUN),
    },
    onFailure: whenFailed(fns.summarise),
    maps: {
      load: {
        function: fns.load,
        items: { bucketPath: `${RESULT}.manifest.bucket`, keyPath: `${RESULT}.manifest.key` },
        payload: { "runId.$": "$.run.id", "chunk.$": "$$.Map.Item.Value", "execution.$": "$$.Execution.Id" },
        itemName: "States.Format('{}, bytes {} to {}', $.event.chunk.key, $.event.chunk.start, $.event.chunk.end)",
        retryOn,
        ...settings,
        longestSeconds: maxHours * 3600,
        next: "summarise",
      },
    },
  };
}
