import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { databasePipelines, pagedPipelines, refreshClock, runShapes } from "../../../config/pages";
import type { DatabaseEnvironment } from "../../../etl/core/database/database-environment";
import type { PageEnvironment } from "../../../etl/core/pages/page-environment";
import type { RenderEnvironment } from "../../../etl/report/bucket/environment";
import type { Database } from "../../../modules/database/database";
import type { NodeFunction } from "../../../modules/function/node-function";
import type { RunPage } from "../../../modules/workflow/notifying-state-machine";
import { DatabaseFunction } from "../database/database-function";
import type { Platform } from "../platform";
import { PAGES_PREFIX, pageNote, whenPageFails } from "./page-messages";

const ID = "pages";

/**
 * Makes the pages of pipelines' data in the database, after each run or on a schedule. The function uses the reading
 * role.
 */
export class Pages extends DatabaseFunction {
  readonly #platform: Platform;

  /** The pages of the stack that `scope` is in; undefined if none are made. */
  static of(scope: Construct): Pages | undefined {
    const there = TerraformStack.of(scope).node.tryFindChild(ID);
    return there instanceof Pages ? there : undefined;
  }

  constructor(scope: Construct, platform: Platform, database: Database) {
    const { config } = platform;
    const name = platform.nameOf(ID);
    super(scope, ID, {
      ...config.pages.function,
      platform,
      database,
      step: "render",
      s3: true,
      description: "Makes the pages of what is in the database, as the role that reads",
      environment: {
        ...pageEnvironment(platform),
        DATABASE_PIPELINES: databasePipelines(config).join(","),
        HIDE: JSON.stringify(config.pages.hide),
        RUN_SHAPES: runShapes(config).join(","),
      } satisfies Omit<RenderEnvironment, keyof DatabaseEnvironment>,
      whenFailing: whenPageFails(name),
      whenDead:
        `The schedule called ${name}, and every try failed: the existing pages are older ones. The log says why; ` +
        "the next hour tries again, and the message is not needed: aws sqs purge-queue.",
    });
    this.#platform = platform;
    grantPages(platform, this.function);
    const clock = refreshClock(config);
    if (clock !== undefined) this.runOn(clock);
  }

  /** How the page of a pipeline with a database is made and announced. */
  afterRun(pipeline: string): RunPage {
    const note = pageNote(this.#platform, pipeline);
    return refreshClock(this.#platform.config) === undefined ? { note, function: this.function } : { note };
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
