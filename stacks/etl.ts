import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { PostgresDatabase } from "../modules/database/postgres-database";
import type { Network } from "../modules/network/network";
import { Dashboard } from "../modules/observe/dashboard";
import { createDatabase } from "./etl/database";
import { createExport } from "./etl/database/export";
import { createRetention, endsRows } from "./etl/database/retention";
import { createSql } from "./etl/database/sql";
import { createFeeds } from "./etl/feeds";
import { databaseGraph } from "./etl/graphs";
import { Pages } from "./etl/pages/pages";
import { createPipelines } from "./etl/pipelines";
import { createCovidDashboard } from "./etl/pipelines/covid-dashboard";
import { Platform } from "./etl/platform";
import { createWebhooks } from "./etl/webhooks";
import { MillraceStack, type MillraceStackProps } from "./millrace-stack";

export interface EtlStackProps extends MillraceStackProps {
  readonly network: Network;
}

/** The database, and the pipelines and feeds that fill it. */
export class EtlStack extends MillraceStack {
  constructor(scope: Construct, id: string, { network, ...props }: EtlStackProps) {
    super(scope, id, props);
    new ArchiveProvider(this, "archive");
    new RandomProvider(this, "random");
    const platform = new Platform(this, "platform", { config: props.config, network });
    const database = createDatabase(this, "database", platform);
    // Before the pipelines, whose runs make them.
    if (props.config.pages.enabled) new Pages(this, platform, database);
    const pipelines = [...createPipelines(this, platform, database), ...createFeeds(this, platform, database)];
    createWebhooks(this, platform, Object.fromEntries(pipelines.map(({ name, topic }) => [name, topic])));
    if (props.config.pages.quicksight.enabled) createCovidDashboard(this, platform, database);
    if (props.config.sql.enabled) createSql(this, platform, database);
    // The tables of another owner's database stay when the stack is destroyed.
    if (props.config.database.mode === "create") createExport(this, platform, database);
    if (endsRows(props.config)) createRetention(this, platform, database);
    new Dashboard(this, "dashboard", {
      name: platform.nameOf("etl"),
      graphs: [
        ...pipelines.flatMap((pipeline) => pipeline.graphs),
        ...(database instanceof PostgresDatabase ? [databaseGraph(database.identifier)] : []),
      ],
    });

    this.#output("raw_bucket", "The bucket of the pipelines' downloads", platform.raw.name);
    this.#output("incoming_bucket", "The bucket for files that start pipelines", platform.incoming.name);
    this.#output(
      "incoming_key_arn",
      "The key that partners and consumers of other accounts must be allowed to use",
      platform.key.arn,
    );
    this.#output("artifact_bucket", "The bucket of the Lambda artifacts", platform.artifacts.name);
    this.#output("pages_bucket", "The bucket of the pipelines' pages", platform.pages.name);
    if (platform.pagesWeb !== undefined)
      this.#output("pages_domain", "The host of signed links to pages", platform.pagesWeb.domainName);
    this.#output("access_log_bucket", "The bucket of the other buckets' access logs", platform.accessLog.name);
    this.#output("topic_arn", "The topic of runs and alarms", platform.topic.arn);
    this.#output("database_host", "The database's host name", database.host);
    this.#output("database_secret_arn", "The secret with the database's user name and password", database.secretArn);
  }

  #output(name: string, description: string, value: string): void {
    new TerraformOutput(this, name, { staticId: true, description, value });
  }
}
