import { resourceName } from "./names";
import type { Config } from "./schema";

export type Recipients = Config["notifications"];
export type WebhookConfig = Recipients["webhooks"][number];

type Sections = Pick<Config, "notifications" | "pipelines">;

/** Who is told of one pipeline in place of all others; undefined where it has nobody of its own, or is off. */
export function recipientsOf({ pipelines }: Pick<Config, "pipelines">, name: string): Recipients | undefined {
  // A pipeline that was scaffolded by a version before has no such key.
  const all: Readonly<Record<string, { readonly enabled: boolean; readonly recipients?: Recipients }>> = pipelines;
  const { enabled = false, recipients } = all[name] ?? {};
  return enabled && recipients && recipients.emails.length + recipients.webhooks.length > 0 ? recipients : undefined;
}

/** Every receiver of messages, of the environment and of its pipelines. */
export function allWebhooks(config: Sections): readonly WebhookConfig[] {
  const own = Object.keys(config.pipelines).flatMap((name) => recipientsOf(config, name)?.webhooks ?? []);
  return [...config.notifications.webhooks, ...own];
}

/** A topic that people are told by. */
export interface ToldTopic {
  /** Its name on AWS. */
  readonly name: string;
  /** The pipeline whose own it is; undefined: of all others. */
  readonly pipeline?: string;
  /** Who is subscribed by the configuration. */
  readonly emails: readonly string[];
}

/** The topic of all, and that of each pipeline that has recipients of its own. */
export function toldTopics(config: Config): readonly ToldTopic[] {
  const own = Object.keys(config.pipelines).flatMap((pipeline) => {
    const recipients = recipientsOf(config, pipeline);
    const name = resourceName(config, pipeline, "notifications");
    return recipients === undefined ? [] : [{ name, pipeline, emails: recipients.emails }];
  });
  return [{ name: resourceName(config, "notifications"), emails: config.notifications.emails }, ...own];
}
