import type { Construct } from "constructs";
import type { Config } from "../../../config/schema";
import { sourceSecrets } from "../../../config/source-secrets";
import type { FetchEnvironment, LoadEnvironment } from "../../../etl/pipelines/covid/environment";
import type { Database } from "../../../modules/database/database";
import type { NodeFunction } from "../../../modules/function/node-function";
import { grantSecret } from "../../../modules/function/secret-grant";
import { databaseEnvironment } from "../database";
import { countsGraph } from "../graphs";
import { isMend, isUndo, mendStep, TOLD_TEXT, telling, undoStep } from "../mend-states";
import { Pipeline, TRANSIENT_ERRORS } from "../pipeline";
import type { Platform } from "../platform";

const SUCCESS = [
  "There were {} inserts and {} updates",
  "{} unchanged, {} rejected{}",
  "Sources unchanged: {}",
  "Newest day: {}{}",
].join("\n");

/** What the message says of a load, in its order. */
const TOLD = [
  ...["inserted", "updated", "unchanged", "rejected", "droppedLine", "sourcesUnchanged", "newestDay"],
  "warningLines",
];

/** The daily feed: schedule → `fetch` outside the VPC → `load` inside it → one message. */
export class CovidPipeline extends Pipeline {
  readonly #settings: Config["pipelines"]["covid"];

  constructor(scope: Construct, platform: Platform, database: Database) {
    super(scope, "covid", platform);
    this.#settings = platform.config.pipelines.covid;
    const fetch = this.#createFetch();
    const load = this.#createLoad(database);
    const machine = this.createMachine({
      description: "The daily feed of cases, deaths and recoveries",
      startAt: "replay or fetch",
      choices: {
        "replay or fetch": {
          Type: "Choice",
          Comment: "Given an earlier run's objects, that day is loaded again",
          Choices: [isMend, isUndo, { Variable: "$.objects", IsPresent: true, Next: "load" }],
          Default: "fetch",
        },
        "what to tell": telling(`States.Format('${SUCCESS}', ${TOLD.map((name) => `$.load.${name}`).join(", ")})`),
      },
      steps: {
        fetch: {
          function: fetch,
          // A missing path would fail the state: the day is asked for in the whole input.
          payload: { "asked.$": "$" },
          resultSelector: { "objects.$": "$.Payload.objects" },
          resultPath: "$",
          retryOn: TRANSIENT_ERRORS,
          next: "load",
        },
        load: {
          function: load,
          payload: { "objects.$": "$.objects", "execution.$": "$$.Execution.Id" },
          resultSelector: {
            "inserted.$": "$.Payload.inserted",
            "updated.$": "$.Payload.updated",
            "unchanged.$": "$.Payload.unchanged",
            "rejected.$": "$.Payload.rejected",
            "dropped.$": "$.Payload.dropped",
            "droppedLine.$": "$.Payload.droppedLine",
            "sourcesUnchanged.$": "$.Payload.sourcesUnchanged",
            "newestDay.$": "$.Payload.newestDay",
            "warningLines.$": "$.Payload.warningLines",
            "runId.$": "$.Payload.runId",
          },
          resultPath: "$.load",
          retryOn: TRANSIENT_ERRORS,
          next: "what to tell",
        },
        mend: mendStep(load),
        undo: undoStep(load),
      },
      successMessage: TOLD_TEXT,
    });
    this.createSchedule(machine, this.#settings.schedule);
    this.graphs.push(countsGraph("covid", "load", "records", ["inserted", "updated", "unchanged", "rejected"]));
  }

  #createFetch(): NodeFunction {
    const { raw } = this.platform;
    const { sources, credentials, steps } = this.#settings;
    const fetch = this.createStep("fetch", {
      description: "Downloads both sources of the covid feed into the raw bucket",
      settings: steps.fetch,
      environment: {
        RAW_BUCKET: raw.name,
        ...(credentials.cases.secretArn === undefined
          ? { CASES_URL: sources.cases }
          : { CASES_SECRET_ARN: credentials.cases.secretArn }),
        ...(credentials.recoveries.secretArn === undefined
          ? { RECOVERIES_URL: sources.recoveries }
          : { RECOVERIES_SECRET_ARN: credentials.recoveries.secretArn }),
      } satisfies FetchEnvironment,
    });
    for (const { arn, keyArn } of sourceSecrets(this.platform.config)) grantSecret(fetch, arn, keyArn);
    raw.grantRead(fetch, "covid/");
    raw.grantWrite(fetch, "covid/");
    raw.grantList(fetch);
    return fetch;
  }

  #createLoad(database: Database): NodeFunction {
    const { raw } = this.platform;
    const load = this.createStep("load", {
      description: "Parses, merges and upserts the covid feed's raw objects",
      settings: this.#settings.steps.load,
      environment: {
        RAW_BUCKET: raw.name,
        ...databaseEnvironment(database),
        JOIN: this.#settings.join,
        MAX_REJECTED: this.#settings.maxRejected,
        MISSING_RECOVERIES: this.#settings.missingRecoveries,
        HISTORY: this.#settings.history,
      } satisfies LoadEnvironment,
      network: this.createNetwork("load", database),
    });
    raw.grantRead(load, "covid/");
    raw.grantList(load);
    database.grantReadSecret(load);
    return load;
  }
}
