import type { Construct } from "constructs";
import type { PageEnvironment } from "../../../etl/core/pages/page-environment";
import type { MetadataEnvironment, MetadataPageEnvironment } from "../../../etl/pipelines/metadata/environment";
import { Account } from "../../../modules/account";
import { Pipeline } from "../pipeline";
import type { Platform } from "../platform";

/** Uploads of any kind: bucket → `summarize`, which logs and counts them. */
export class MetadataPipeline extends Pipeline {
  constructor(scope: Construct, platform: Platform) {
    super(scope, "metadata", platform);
    const { prefix, trigger, steps } = platform.config.pipelines.metadata;
    const { incoming } = platform;
    const summarize = this.createStep("summarize", {
      description: "Asks for an object's head and logs what it says",
      settings: steps.summarize,
      environment: { BUCKET: incoming.name, PREFIX: prefix } satisfies MetadataEnvironment,
    });
    incoming.grantReadVersions(summarize, prefix);
    incoming.grantList(summarize);
    this.createTrigger(summarize, { settings: trigger, prefix });
    const LOG_GROUP = `/aws/lambda/${summarize.name}`;
    const environment = { LOG_GROUP } satisfies Omit<MetadataPageEnvironment, keyof PageEnvironment>;
    const render = this.createPage("Makes the page of uploads, of what summarize told", steps.render, environment);
    // Events belong to the log's streams, which a filter does not name.
    render?.allow({
      actions: ["logs:FilterLogEvents"],
      resources: [`${Account.of(this).arn("logs", `log-group:${LOG_GROUP}`)}:*`],
    });
  }
}
