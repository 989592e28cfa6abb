import { isPriced, PRICES_SEEN } from "./price-table";
import { costOfUse, lambdaTime, type RunUse } from "./run-use";

/** How a pipeline runs on AWS, as far as the cost of its runs depends on it. */
export interface RunShape {
  /** `step`: one call of Lambda loads all. `lambda`: one function, called again until all is loaded. `map`: a call for each chunk. */
  readonly engine: "step" | "lambda" | "distributed-map";
  /** Of the function that loads. */
  readonly memoryMb: number;
  readonly region: string;
}

/** What the ledger knows of a run. */
export interface LedgerRun {
  readonly started: Date;
  readonly finished: Date | null;
  /** What a feed's run loaded: the number of chunks, and their seconds in all. Default: none */
  readonly chunks?: { readonly count: number; readonly seconds: number } | null;
}

/** Lambda ends a call after this, so a run that died and was found later took no longer. */
const LONGEST_CALL_SECONDS = 900;
/** State transitions of a run, and of each chunk: docs/scaling.md has the same. */
const TRANSITIONS = { step: 10, lambda: 12, "distributed-map": 12 } as const;
const TRANSITIONS_OF_CHUNK = 2;
/** Of a pipeline's objects, or of a chunk: its bytes, and the end of its last line. */
const READS = 2;

/** What a run cost in US dollars; undefined while it is not known. */
export function runCost(run: LedgerRun, shape: RunShape): number | undefined {
  const use = runUse(run, shape);
  return use && costOfUse(use, shape.region);
}

function runUse({ started, finished, chunks }: LedgerRun, { engine, memoryMb }: RunShape): RunUse | undefined {
  if (finished === null) return undefined;
  const took = (finished.getTime() - started.getTime()) / 1000;
  const { count, seconds } = chunks ?? { count: 0, seconds: 0 };
  const isMap = engine === "distributed-map";
  const worked = isMap ? seconds : engine === "step" ? Math.min(took, LONGEST_CALL_SECONDS) : took;
  return {
    "Lambda time": lambdaTime(worked, memoryMb),
    "Lambda call": isMap ? count : Math.max(1, Math.ceil(worked / LONGEST_CALL_SECONDS)),
    "state transition": TRANSITIONS[engine] + (isMap ? TRANSITIONS_OF_CHUNK * count : 0),
    "S3 read": READS * (engine === "step" ? 1 : count),
  };
}

/** What is counted, and what is not, in sentences. */
export function describeRunCost({ engine, memoryMb, region }: RunShape): string {
  const memory = `${memoryMb.toLocaleString("en-US")} MB`;
  const lambda = {
    step: `Lambda's ${memory} for the time of the run; each further try is a run of its own`,
    lambda: `Lambda's ${memory} for the time of the run, with its further tries and the pauses between them`,
    "distributed-map": `Lambda's ${memory} for the time of each loaded chunk; tries that failed are not in the ledger, and not counted`,
  }[engine];
  const transitions =
    engine === "distributed-map"
      ? "12 state transitions and two for each chunk"
      : `${TRANSITIONS[engine]} state transitions`;
  const whose = isPriced(region) ? region : `us-east-1, as there are none of ${region}`;
  return (
    `Cost: by the ledger, ${lambda}; ${transitions}; reads of S3. Not counted: the database, other functions, logs, messages and pages. ` +
    `List prices of ${whose}, ${PRICES_SEEN}, before free tier; a run on a laptop cost nothing of it.`
  );
}
