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
import { TOLD_TEXT } from "../mend-states";
import { type MachineProps, Pipeline } from "../pipeline";
import type { Platform } from "../platform";
import { lambdaStates, mapStates } from "./feed-states";

const MIB = 2 ** 20;
/** What its key has behind that of its object: `etl/feeds/verdicts/verdict.ts`. */
const VERDICT = ".verdict.json";

export interface FeedProps {
  readonly platform: Platform;
  readonly database: Database;
  readonly settings: FeedConfig;
  /** Of all feeds: the owner of an existing database has one rule to add. Asked once the feed is there. */
  readonly network: () => NodeFunctionProps["network"];
}

/**
 * Raw CSV in S3: schedule → `preflight` → `run`, again while chunks are left → one message; or, by the engine `distributed-map`,
 * `plan` → `load` for each chunk → `summarise`. All in the VPC.
 */
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
      afterFailure: "again after a failure or not",
      successMessage: TOLD_TEXT,
    });
    this.createSchedule(machine, settings.schedule, settings.maxHours);
    if (settings.trigger === "objects") this.createObjectStart(machine, { prefix: settings.source.prefix });
    const counting = settings.engine === "lambda" ? "run" : "load";
    this.graphs.push(
      countsGraph(name, counting, "rows", ["inserted", "updated", "unchanged", "superseded", "rejected"]),
      countsGraph(name, counting, "rows", ["chunks"], "chunks"),
    );
  }

  #describeStates(): Pick<MachineProps, "steps" | "maps" | "choices" | "onFailure"> {
    const { engine, ...settings } = this.#settings;
    const preflight = this.#createPreflight();
    const { maxConcurrency, maxHours } = settings;
    const verdicts = settings.verdicts ? VERDICT : undefined;
    if (engine === "lambda") return lambdaStates({ preflight, run: this.#createRun() }, { maxHours, verdicts });
    const fns = { preflight, plan: this.#createPlan(), load: this.#createLoad(), summarise: this.#createSummarise() };
    const own = { bucket: this.platform.raw, prefix: this.#ownPrefix };
    return mapStates(fns, { maxConcurrency, maxHours, verdicts, ...own });
  }

  /** Where in the raw bucket its runs keep manifests, results and failures: no other feed's roles reach it. */
  get #ownPrefix(): string {
    return `${this.#settings.resourceName}/`;
  }

  get #manifests(): string {
    return `${this.#ownPrefix}manifests/`;
  }

  /** Where a person's corrected rows come: `scripts/ops` puts them there. */
  get #mends(): string {
    return `${this.#ownPrefix}mends/`;
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

  #createRun(): NodeFunction {
    const { raw } = this.platform;
    const run = this.#createStep("run", "Loads what is new, as much as one call has time for", this.#planEnvironment());
    this.#source.grantRead(run, this.#settings.source.prefix);
    this.#source.grantList(run);
    raw.grantRead(run, this.#manifests);
    raw.grantWrite(run, this.#manifests);
    raw.grantRead(run, this.#mends);
    this.#grantVerdicts(run);
    return run;
  }

  #createPlan(): NodeFunction {
    const { raw } = this.platform;
    const plan = this.#createStep(
      "plan",
      "Lists the raw files, and cuts what is new into chunks",
      this.#planEnvironment(),
    );
    // The first bytes of a large object say whether it may be cut.
    this.#source.grantRead(plan, this.#settings.source.prefix);
    this.#source.grantList(plan);
    raw.grantWrite(plan, this.#manifests);
    return plan;
  }

  #createLoad(): NodeFunction {
    const { raw } = this.platform;
    const load = this.#createStep("load", "Validates, stages and upserts one chunk", {
      ...this.#sourceEnvironment(),
      ...databaseEnvironment(this.#database),
      MEND_BUCKET: raw.name,
    } satisfies LoadEnvironment);
    this.#source.grantRead(load, this.#settings.source.prefix);
    this.#source.grantList(load);
    raw.grantRead(load, this.#mends);
    return load;
  }

  #createSummarise(): NodeFunction {
    const summarise = this.#createStep("summarise", "Sums up a run, and ends it in the ledger", {
      ...this.#feedEnvironment(),
      ...this.#verdictEnvironment(),
      ...databaseEnvironment(this.#database),
    } satisfies SummariseEnvironment);
    this.#grantVerdicts(summarise);
    return summarise;
  }

  #grantVerdicts(fn: NodeFunction): void {
    const { verdicts, source } = this.#settings;
    if (verdicts) this.platform.incoming.grantWriteEnding(fn, source.prefix, VERDICT);
  }

  #verdictEnvironment() {
    return { ...(this.#settings.verdicts && { VERDICT_BUCKET: this.platform.incoming.name }) };
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

  #planEnvironment(): PlanEnvironment {
    const { include, exclude } = this.#settings;
    return {
      ...(include.length > 0 && { INCLUDE: JSON.stringify(include) }),
      ...(exclude.length > 0 && { EXCLUDE: JSON.stringify(exclude) }),
      ...this.#sourceEnvironment(),
      ...databaseEnvironment(this.#database),
      ...(this.#settings.engine === "lambda" && this.#verdictEnvironment()),
      MANIFEST_BUCKET: this.platform.raw.name,
      MANIFEST_PREFIX: this.#manifests,
      CHUNK_BYTES: String(this.#settings.chunkMiB * MIB),
    };
  }

  #sourceEnvironment() {
    const { prefix } = this.#settings.source;
    return { ...this.#feedEnvironment(), SOURCE_BUCKET: this.#source.name, SOURCE_PREFIX: prefix };
  }

  #feedEnvironment() {
    const { maxRejected } = this.#settings;
    return { FEED: this.name, ...(maxRejected !== undefined && { MAX_REJECTED: maxRejected }) };
  }
}
