import type { Construct } from "constructs";
import type { Config } from "../../config/schema";
import type { Database } from "../../modules/database/database";
import type { Pipeline } from "./pipeline";
import { CovidPipeline } from "./pipelines/covid";
import { MetadataPipeline } from "./pipelines/metadata";
import { OrdersPipeline } from "./pipelines/orders";
import type { Platform } from "./platform";

type PipelineClass = new (scope: Construct, platform: Platform, database: Database) => Pipeline;

/** One entry per pipeline, by its name in the configuration. */
const pipelines: Readonly<Record<keyof Config["pipelines"], PipelineClass>> = {
  covid: CovidPipeline,
  orders: OrdersPipeline,
  metadata: MetadataPipeline,
};

/** The enabled ones. */
export function createPipelines(scope: Construct, platform: Platform, database: Database): readonly Pipeline[] {
  const settings = platform.config.pipelines;
  return Object.entries(pipelines)
    .filter(([name]) => settings[name as keyof typeof pipelines].enabled)
    .map(([, Class]) => new Class(scope, platform, database));
}
