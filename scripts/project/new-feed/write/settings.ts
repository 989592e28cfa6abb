import { ConfigError } from "../../../../config/config-error";
import { dev } from "../../../../config/dev";
import { overrideConfig } from "../../../../config/load";
import { UsageError } from "../../../../etl/core/errors";

/** The command line's options for a feed's deployment. */
export interface FeedOptions {
  readonly schedule?: string;
  readonly trigger?: string;
  readonly engine?: string;
}

/** A feed's section of the configuration: its differences from the defaults. */
export interface FeedSettings {
  readonly schedule?: { readonly expression: string };
  readonly trigger?: "objects";
  readonly source?: { readonly prefix: string };
  readonly engine?: string;
}

/** @throws UsageError if the configuration would refuse it */
export function readSettings(name: string, { schedule, trigger, engine }: FeedOptions): FeedSettings {
  const prefix = trigger === undefined ? undefined : readPrefix(trigger);
  const settings: FeedSettings = {
    ...(schedule !== undefined && { schedule: { expression: schedule } }),
    ...(prefix !== undefined && { trigger: "objects" }),
    ...(prefix !== undefined && prefix !== `${name}/` && { source: { prefix } }),
    ...(engine !== undefined && { engine }),
  };
  try {
    overrideConfig(dev, { feeds: { [name]: { ...settings } } }, "of this feed");
    return settings;
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new UsageError("The feed cannot be deployed so", { got: cause.message, fix: "Correct the option", cause });
  }
}

function readPrefix(address: string): string {
  const [, prefix] = /^s3:\/\/([\w./=-]+)$/.exec(address) ?? [];
  if (prefix !== undefined) return prefix;
  throw new UsageError("--trigger is not a prefix", {
    got: JSON.stringify(address),
    expected: "s3:// and a prefix of keys in the incoming bucket, for example s3://sales/",
    fix: "Another owner's bucket is source.bucket in the configuration, and starts no runs",
  });
}
