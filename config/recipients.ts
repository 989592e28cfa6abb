import { resourceName } from "./names";
import type { Config } from "./schema";
import { deployedSections, type Sections } from "./sections";

export type Recipients = Config["notifications"];
export type WebhookConfig = Recipients["webhooks"][number];

/** Who is told of one pipeline in place of all others; undefined where it has nobody of its own, or is off. */
export function recipientsOf(config: Sections, name: string): Recipients | undefined {
  const recipients = deployedSections(config).find((section) => section.name === name)?.settings.recipients;
  return recipients && recipients.emails.length + recipients.webhooks.length > 0 ? recipients : undefined;
}

/** Every receiver of messages, of the environment and of its pipelines. */
export function allWebhooks(config: Sections & Pick<Config, "notifications">): readonly WebhookConfig[] {
  const own = deployedSections(config).flatMap(({ name }) => recipientsOf(config, name)?.webhooks ?? []);
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
  const own = deployedSections(config).flatMap((section) => {
    const recipients = recipientsOf(config, section.name);
    const name = resourceName(config, section.resourceName, "notifications");
    return recipients === undefined ? [] : [{ name, pipeline: section.name, emails: recipients.emails }];
  });
  return [{ name: resourceName(config, "notifications"), emails: config.notifications.emails }, ...own];
}
