import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { PostgresDatabase } from "../modules/database/postgres-database";
import type { Network } from "../modules/network/network";
import { Dashboard } from "../modules/observe/dashboard";
import { createDatabase } from "./etl/database";
import { createFeeds } from "./etl/feeds";
import { databaseGraph } from "./etl/graphs";
import { Pages } from "./etl/pages/pages";
import { createPipelines } from "./etl/pipelines";
import { createCovidDashboard } from "./etl/pipelines/covid-dashboard";
import { Platform } from "./etl/platform";
import { endsRows, RetentionFunction } from "./etl/retention";
import { SqlFunction } from "./etl/sql";
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
    if (props.config.sql.enabled) new SqlFunction(this, "sql", platform, database);
    if (endsRows(props.config)) new RetentionFunction(this, "retention", platform, database);
    new Dashboard(this, "dashboard", {
      name: platform.nameOf("etl"),
      graphs: [
        ...pipelines.flatMap((pipeline) => pipeline.graphs),
        ...(database instanceof PostgresDatabase ? [databaseGraph(database.identifier)] : []),
      ],
    });

    this.#output("raw_bucket", "Where the pipelines keep what they downloaded", platform.raw.name);
    this.#output("incoming_bucket", "Where files are put that start pipelines", platform.incoming.name);
    this.#output(
      "incoming_key_arn",
      "What partners and consumers of other accounts must be allowed to use",
      platform.key.arn,
    );
    this.#output("artifact_bucket", "Where the Lambda artifacts are", platform.artifacts.name);
    this.#output("pages_bucket", "Where the pages of the pipelines are", platform.pages.name);
    if (platform.pagesWeb !== undefined)
      this.#output("pages_domain", "Where signed links open pages", platform.pagesWeb.domainName);
    this.#output("access_log_bucket", "Who read and wrote the other buckets", platform.accessLog.name);
    this.#output("topic_arn", "Where runs and alarms are told", platform.topic.arn);
    this.#output("database_host", "Where the database listens", database.host);
    this.#output("database_secret_arn", "The database's user name and password", database.secretArn);
  }

  #output(name: string, description: string, value: string): void {
    new TerraformOutput(this, name, { staticId: true, description, value });
  }
}
