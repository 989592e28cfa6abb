import type { Construct } from "constructs";
import type { FeedConfig } from "../../../config/schema/feeds";
import type {
  LoadEnvironment,
  PlanEnvironment,
  PreflightEnvironment,
  SummariseEnvironment,
} from "../../../etl/feeds/run/environment";
import type { Database } from "../../../modules/database/database";
import type { NodeFunction, NodeFunctionProps } from "../../../modules/function/node-function";
import type { Bucket } from "../../../modules/storage/bucket";
import { ExistingBucket } from "../../../modules/storage/existing-bucket";
import { databaseEnvironment } from "../database";
import { countsGraph } from "../graphs";
import { type MachineProps, Pipeline, TRANSIENT_ERRORS } from "../pipeline";
import type { Platform } from "../platform";

/** Where in the raw bucket the runs of all feeds keep their manifests, results and failures. */
const OWN_PREFIX = "import/";
const MIB = 2 ** 20;

const SUCCESS = [
  "{}",
  "{} rows of {} objects in {} chunks, {} seconds",
  "{} unchanged, {} superseded, {} rejected{}",
].join("\n");
/** What the message says of the summary, in its order. */
const TOLD = ["text", "rows", "objects", "chunks", "seconds", "unchanged", "superseded", "rejected", "warningLines"];

export interface FeedProps {
  readonly platform: Platform;
  readonly database: Database;
  readonly settings: FeedConfig;
  /** Of all feeds: the owner of an existing database has one rule to add. Asked once the feed is there. */
  readonly network: () => NodeFunctionProps["network"];
}

/** Raw CSV in S3: schedule → `preflight` → `plan` → `load` for each chunk → `summarise` → one message. All in the VPC. */
export class Feed extends Pipeline {
  readonly #settings: FeedConfig;
  readonly #database: Database;
  readonly #source: Pick<Bucket, "name" | "grantRead" | "grantList">;
  readonly #network: NodeFunctionProps["network"];

  constructor(scope: Construct, name: string, { platform, database, settings, network }: FeedProps) {
    super(scope, name, platform);
    this.#settings = settings;
    this.#database = database;
    this.#source = this.#findSource();
    this.#network = network();
    const machine = this.createMachine({
      description: `Raw CSV of the feed ${name} from S3`,
      startAt: "by an object or not",
      ...this.#describeStates(),
      afterSuccess: "again or not",
      successMessage: `States.Format('${SUCCESS}', ${TOLD.map((name) => `$.summary.${name}`).join(", ")})`,
    });
    this.createSchedule(machine, settings.schedule, settings.maxHours);
    if (settings.trigger === "objects") this.createObjectStart(machine, { prefix: settings.source.prefix });
    this.graphs.push(
      countsGraph(name, "load", "rows", ["inserted", "updated", "unchanged", "superseded", "rejected"]),
      countsGraph(name, "load", "chunks", ["chunks"]),
    );
  }

  #describeStates(): Pick<MachineProps, "steps" | "maps" | "choices" | "onFailure"> {
    const { maxConcurrency, toleratedFailurePercentage, maxHours } = this.#settings;
    const retryOn = TRANSIENT_ERRORS;
    const summarise = this.#createSummarise();
    return {
      choices: {
        "by an object or not": {
          Type: "Choice",
          Comment: "Of a thousand new objects at once one checks and loads, and most find that run under way",
          Choices: [{ Variable: "$.detail.object", IsPresent: true, Next: "what is new" }],
          Default: "preflight",
        },
        "full or not": {
          Type: "Choice",
          Comment: 'Started with {"full": true}, objects that were loaded before are loaded again',
          Choices: [{ Variable: "$.full", IsPresent: true, Next: "as it was started" }],
          Default: "what is new",
        },
        "as it was started": {
          Type: "Pass",
          Parameters: { "full.$": "$.full", again: false },
          ResultPath: "$.wanted",
          Next: "name the run",
        },
        "what is new": {
          Type: "Pass",
          Result: { full: false, again: false },
          ResultPath: "$.wanted",
          Next: "name the run",
        },
        "what came meanwhile": {
          Type: "Pass",
          Result: { full: false, again: true },
          ResultPath: "$.wanted",
          Next: "name the run",
        },
        "name the run": {
          Type: "Pass",
          Comment: "Before it is begun, so that another try goes on with it, and a failure is known by it",
          Parameters: { "id.$": "States.UUID()" },
          ResultPath: "$.run",
          Next: "plan",
        },
        "anything new": {
          Type: "Choice",
          Choices: [
            { Variable: "$.plan.result.waitsFor", IsPresent: true, Next: "no run" },
            { Variable: "$.plan.result.chunks", NumericEquals: 0, Next: "summarise" },
          ],
          Default: "load",
        },
        "no run": {
          Type: "Pass",
          Comment: "Another run is under way, and lists once more before it ends; or nobody requested one",
          InputPath: "$.plan.result",
          ResultPath: "$.summary",
          Next: "succeeded",
        },
        "again or not": {
          Type: "Choice",
          Choices: [{ Variable: "$.summary.again", BooleanEquals: true, Next: "what came meanwhile" }],
          Default: "succeeded",
        },
      },
      steps: {
        preflight: {
          function: this.#createPreflight(),
          payload: { "execution.$": "$$.Execution.Id" },
          resultSelector: { "checks.$": "$.Payload.checks" },
          resultPath: "$.preflight",
          retryOn,
          next: "full or not",
        },
        plan: {
          function: this.#createPlan(),
          payload: {
            "full.$": "$.wanted.full",
            "again.$": "$.wanted.again",
            "runId.$": "$.run.id",
            "execution.$": "$$.Execution.Id",
          },
          resultSelector: { "result.$": "$.Payload" },
          resultPath: "$.plan",
          retryOn,
          queues: true,
          next: "anything new",
        },
        summarise: {
          function: summarise,
          payload: { "runId.$": "$.run.id" },
          resultSelector: Object.fromEntries([...TOLD, "again"].map((name) => [`${name}.$`, `$.Payload.${name}`])),
          resultPath: "$.summary",
          retryOn,
        },
      },
      // The ledger may know of the run, whether its plan's answer came or not.
      onFailure: {
        when: "$.run.id",
        function: summarise,
        payload: { "runId.$": "$.run.id", "failure.$": "$.reason" },
        retryOn,
      },
      maps: {
        load: {
          function: this.#createLoad(),
          items: { bucketPath: "$.plan.result.manifest.bucket", keyPath: "$.plan.result.manifest.key" },
          payload: {
            "runId.$": "$.run.id",
            "chunk.$": "$$.Map.Item.Value",
            "execution.$": "$$.Execution.Id",
          },
          itemName: "States.Format('{}, bytes {} to {}', $.event.chunk.key, $.event.chunk.start, $.event.chunk.end)",
          retryOn,
          maxConcurrency,
          toleratedFailurePercentage,
          bucket: this.platform.raw,
          prefix: OWN_PREFIX,
          longestSeconds: maxHours * 3600,
          next: "summarise",
        },
      },
    };
  }

  #findSource() {
    const { bucket, keyArn } = this.#settings.source;
    return bucket === undefined ? this.platform.incoming : new ExistingBucket(this, "source", { name: bucket, keyArn });
  }

  #createPreflight(): NodeFunction {
    const preflight = this.#createStep("preflight", "Checks what a run needs, before it begins", {
      ...this.#sourceEnvironment(),
      ...databaseEnvironment(this.#database),
    } satisfies PreflightEnvironment);
    this.#source.grantRead(preflight, this.#settings.source.prefix);
    this.#source.grantList(preflight);
    return preflight;
  }

  #createPlan(): NodeFunction {
    const { raw } = this.platform;
    const plan = this.#createStep("plan", "Lists the raw files, and cuts what is new into chunks", {
      ...this.#sourceEnvironment(),
      ...databaseEnvironment(this.#database),
      MANIFEST_BUCKET: raw.name,
      CHUNK_BYTES: String(this.#settings.chunkMiB * MIB),
    } satisfies PlanEnvironment);
    // The first bytes of a large object say whether it may be cut.
    this.#source.grantRead(plan, this.#settings.source.prefix);
    this.#source.grantList(plan);
    raw.grantWrite(plan, `${OWN_PREFIX}manifests/`);
    return plan;
  }

  #createLoad(): NodeFunction {
    const load = this.#createStep("load", "Validates, stages and upserts one chunk", {
      ...this.#sourceEnvironment(),
      ...databaseEnvironment(this.#database),
    } satisfies LoadEnvironment);
    this.#source.grantRead(load, this.#settings.source.prefix);
    this.#source.grantList(load);
    return load;
  }

  #createSummarise(): NodeFunction {
    return this.#createStep("summarise", "Sums up a run, and ends it in the ledger", {
      FEED: this.name,
      ...databaseEnvironment(this.#database),
    } satisfies SummariseEnvironment);
  }

  #createStep(
    step: keyof FeedConfig["steps"],
    description: string,
    environment: NodeFunctionProps["environment"],
  ): NodeFunction {
    const fn = this.createStep(step, {
      description,
      environment,
      settings: this.#settings.steps[step],
      network: this.#network,
    });
    this.#database.grantReadSecret(fn);
    return fn;
  }

  #sourceEnvironment() {
    return { FEED: this.name, SOURCE_BUCKET: this.#source.name, SOURCE_PREFIX: this.#settings.source.prefix };
  }
}
