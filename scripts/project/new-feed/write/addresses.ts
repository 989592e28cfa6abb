import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dev } from "../../../../config/dev";
import { overrideConfig } from "../../../../config/load";
import { resourceName } from "../../../../config/names";
import type { Config } from "../../../../config/schema";
import { synthesize } from "../../../deliver/terraform/synth";

/** The parts of a synthesised stack that have addresses. */
export interface StackJson {
  readonly resource?: Blocks;
  readonly data?: Blocks;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Where a feed's addresses are kept, from the project's root: what is missing later would be destroyed where it is deployed. */
export function addressesFile(feed: string): string {
  return `test/infra/addresses/feeds/${feed}.txt`;
}

/** The addresses of a feed's resources and data sources, sorted. @param feed its name in resources' names */
export function feedAddresses({ resource, data }: StackJson, feed: string, config: Config): readonly string[] {
  const isOfFeed = new RegExp(`\\.(${feed}_|.*_from-${resourceName(config, feed)}-)`);
  return [...list("", resource), ...list("data.", data)].filter((address) => isOfFeed.test(address)).sort();
}

function list(prefix: string, blocks: Blocks = {}): string[] {
  return Object.entries(blocks).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${prefix}${type}.${name}`),
  );
}

/** The text of its list: of what dev's configuration, as it is on disk, deploys. */
export async function writeAddresses(feed: string): Promise<string> {
  const outdir = mkdtempSync(join(tmpdir(), "millrace-addresses-"));
  try {
    const env = { ...process.env, ENVIRONMENT: dev.environment, MILLRACE_CONFIG: undefined };
    const { folder } = await synthesize(env, outdir);
    const stack: StackJson = JSON.parse(readFileSync(join(folder, "etl", "cdk.tf.json"), "utf8"));
    return `${feedAddresses(stack, feed, overrideConfig(dev, {})).join("\n")}\n`;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
