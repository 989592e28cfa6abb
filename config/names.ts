import type { Config } from "./schema";

/** The one place that names things: `millrace-dev-raw` for `resourceName(config, "raw")`. */
export function resourceName(config: Pick<Config, "project" | "environment">, ...parts: readonly string[]): string {
  return [config.project, config.environment, ...parts].join("-");
}
