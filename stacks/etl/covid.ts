import type { Construct } from "constructs";
import type { Config } from "../../config/schema";
import type { FetchEnvironment, LoadEnvironment } from "../../etl/pipelines/covid/environment";
import type { Database } from "../../modules/database";
import type { NodeFunction } from "../../modules/node-function";
import { SecurityGroup } from "../../modules/security-group";
import { countsGraph } from "./graphs";
import { Pipeline } from "./pipeline";
import type { Platform } from "./platform";

/** Names of errors that the steps throw where another try may help (`TRANSIENT_ERROR_NAMES` in handlers/step-error.ts). */
export const TRANSIENT_ERRORS = ["SourceUnavailableError", "TransientDatabaseError", "TransientServiceError"];

const SUCCESS = [
  "There were {} inserts and {} updates",
  "{} unchanged, {} rejected",
  "Sources unchanged: {}",
  "Newest day: {}",
].join("\n");

/** The daily feed: schedule → `fetch` outside the VPC → `load` inside it → one message. */
export class CovidPipeline extends Pipeline {
  readonly #settings: Config["pipelines"]["covid"];

  constructor(scope: Construct, platform: Platform, database: Database) {
    super(scope, "covid", platform);
    this.#settings = platform.config.pipelines.covid;
    const machine = this.createMachine({
      description: "The daily feed of cases, deaths and recoveries",
      startAt: "replay or fetch",
      choices: {
        "replay or fetch": {
          Type: "Choice",
          Comment: "Given an earlier run's objects, that day is loaded again",
          Choices: [{ Variable: "$.objects", IsPresent: true, Next: "load" }],
          Default: "fetch",
        },
      },
      steps: {
        fetch: {
          function: this.#createFetch(),
          payload: {},
          resultSelector: { "objects.$": "$.Payload.objects" },
          resultPath: "$",
          retryOn: TRANSIENT_ERRORS,
          next: "load",
        },
        load: {
          function: this.#createLoad(database),
          payload: { "objects.$": "$.objects", "execution.$": "$$.Execution.Id" },
          resultSelector: {
            "inserted.$": "$.Payload.inserted",
            "updated.$": "$.Payload.updated",
            "unchanged.$": "$.Payload.unchanged",
            "rejected.$": "$.Payload.rejected",
            "sourcesUnchanged.$": "$.Payload.sourcesUnchanged",
            "newestDay.$": "$.Payload.newestDay",
            "runId.$": "$.Payload.runId",
          },
          resultPath: "$.load",
          retryOn: TRANSIENT_ERRORS,
        },
      },
      successMessage: `States.Format('${SUCCESS}', ${[
        "$.load.inserted",
        "$.load.updated",
        "$.load.unchanged",
        "$.load.rejected",
        "$.load.sourcesUnchanged",
        "$.load.newestDay",
      ].join(", ")})`,
    });
    this.createSchedule(machine, this.#settings.schedule);
    this.graphs.push(countsGraph("covid", "load", "records", ["inserted", "updated", "unchanged", "rejected"]));
  }

  #createFetch(): NodeFunction {
    const { raw } = this.platform;
    const fetch = this.createStep("fetch", {
      description: "Downloads both sources of the covid feed into the raw bucket",
      settings: this.#settings.steps.fetch,
      environment: {
        RAW_BUCKET: raw.name,
        CASES_URL: this.#settings.sources.cases,
        RECOVERIES_URL: this.#settings.sources.recoveries,
      } satisfies FetchEnvironment,
    });
    raw.grantRead(fetch, "covid/");
    raw.grantWrite(fetch, "covid/");
    raw.grantList(fetch);
    return fetch;
  }

  #createLoad(database: Database): NodeFunction {
    const { raw, network } = this.platform;
    const securityGroup = this.#createSecurityGroup(database);
    const load = this.createStep("load", {
      description: "Parses, merges and upserts the covid feed's raw objects",
      settings: this.#settings.steps.load,
      environment: {
        RAW_BUCKET: raw.name,
        DATABASE_HOST: database.host,
        DATABASE_PORT: String(database.port),
        DATABASE_NAME: database.name,
        DATABASE_SECRET_ARN: database.secretArn,
        JOIN: this.#settings.join,
        MAX_REJECTED: this.#settings.maxRejected,
      } satisfies LoadEnvironment,
      network: { subnetIds: network.privateSubnetIds, securityGroup },
    });
    raw.grantRead(load, "covid/");
    raw.grantList(load);
    database.grantReadSecret(load);
    return load;
  }

  #createSecurityGroup(database: Database): SecurityGroup {
    const { network } = this.platform;
    const group = new SecurityGroup(this, "load-group", {
      name: this.nameOf("load"),
      description: `${this.nameOf("load")}: to the database, S3 and Secrets Manager only`,
      vpcId: network.vpcId,
    });
    group.allowTo("s3", { prefixListId: network.s3PrefixListId }, 443, "S3 through its gateway endpoint");
    group.allowTo("secrets", { cidr: network.httpsCidr }, 443, "Secrets Manager");
    database.allowConnections(this.nameOf("load"), group);
    return group;
  }
}
