import type { Construct } from "constructs";
import type { MetadataEnvironment } from "../../etl/pipelines/metadata/environment";
import { Pipeline } from "./pipeline";
import type { Platform } from "./platform";

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
  }
}
