import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { databasePipelines, pagedPipelines, refreshClock, runShapes } from "../../../config/pages";
import type { PageEnvironment } from "../../../etl/core/pages/page-environment";
import type { RenderEnvironment } from "../../../etl/report/bucket/environment";
import type { Database } from "../../../modules/database/database";
import { CodePackage } from "../../../modules/function/code-package";
import { NodeFunction } from "../../../modules/function/node-function";
import { Queue } from "../../../modules/messaging/queue";
import type { RunPage } from "../../../modules/workflow/notifying-state-machine";
import { Schedule } from "../../../modules/workflow/schedule";
import { databaseEnvironment } from "../database";
import { createDatabaseNetwork } from "../database-network";
import type { Platform } from "../platform";
import { PAGES_PREFIX, pageNote, whenPageFails } from "./page-messages";

const ID = "pages";
const PATH = "pages/render";

/**
 * Makes the pages of pipelines' data in the database, after each run or on a schedule. The function uses the reading
 * role. Its three alarms and its queue's alarm cost 0.40 USD a month.
 */
export class Pages extends Construct {
  readonly #platform: Platform;
  readonly #function: NodeFunction;

  /** The pages of the stack that `scope` is in; undefined if none are made. */
  static of(scope: Construct): Pages | undefined {
    const there = TerraformStack.of(scope).node.tryFindChild(ID);
    return there instanceof Pages ? there : undefined;
  }

  constructor(scope: Construct, platform: Platform, database: Database) {
    super(scope, ID);
    this.#platform = platform;
    const { config, key, topic } = platform;
    const deadLetters = new Queue(this, "dead-letters", { name: platform.nameOf(ID, "dead-letters"), key });
    deadLetters.alarmWhenNotEmpty(
      topic,
      `The schedule called ${platform.nameOf(ID)}, and every try failed: the existing pages are older ones. The log says why; ` +
        "the next hour tries again, and the message is not needed: aws sqs purge-queue.",
    );
    this.#function = this.#createFunction(database, deadLetters);
    const expression = refreshClock(config);
    if (expression === undefined) return;
    new Schedule(this, "schedule", {
      name: platform.nameOf(ID),
      target: this.#function,
      expression,
      timeZone: "UTC",
      enabled: true,
      deadLetters,
      key,
    });
  }

  /** How the page of a pipeline with a database is made and announced. */
  afterRun(pipeline: string): RunPage {
    const note = pageNote(this.#platform, pipeline);
    return refreshClock(this.#platform.config) === undefined ? { note, function: this.#function } : { note };
  }

  #createFunction(database: Database, deadLetters: Queue): NodeFunction {
    const platform = this.#platform;
    const { config } = platform;
    const name = platform.nameOf(ID);
    const { memoryMb, timeoutSeconds, reservedConcurrency } = config.pages.function;
    const fn = new NodeFunction(this, "render", {
      name,
      description: "Makes the pages of what is in the database, as the role that reads",
      code: new CodePackage(this, "render-code", {
        bucket: platform.artifacts,
        key: `${config.artifacts.keyPrefix}/${PATH}.zip`,
        folder: platform.artifact(`handlers/${PATH}`),
        zip: platform.artifact(`zips/${PATH}.zip`),
      }),
      layer: platform.layer,
      memoryMb,
      timeoutSeconds,
      reservedConcurrency: config.lambda.reserveConcurrency ? reservedConcurrency : null,
      environment: {
        ...databaseEnvironment(database),
        ...pageEnvironment(platform),
        DATABASE_PIPELINES: databasePipelines(config).join(","),
        HIDE: JSON.stringify(config.pages.hide),
        RUN_SHAPES: runShapes(config).join(","),
        ...platform.functionEnvironment(ID),
      } satisfies RenderEnvironment,
      key: platform.key,
      logRetentionDays: config.logs.retentionDays,
      deadLetters,
      topic: platform.topic,
      whenFailing: whenPageFails(name),
      network: createDatabaseNetwork(this, "group", { name, platform, database }),
    });
    database.grantReadSecret(fn);
    grantPages(platform, fn);
    return fn;
  }
}

/** Environment variables of every function that makes pages. */
export function pageEnvironment(platform: Platform): PageEnvironment {
  return { PAGES_BUCKET: platform.pages.name, PIPELINES: pagedPipelines(platform.config).join(",") };
}

/** Its permissions: write pages, and read the index's entries of other pipelines. */
export function grantPages({ pages }: Platform, fn: NodeFunction): void {
  pages.grantReadVersions(fn, PAGES_PREFIX);
  pages.grantWrite(fn, PAGES_PREFIX);
  pages.grantList(fn);
}
