import { resourceName } from "./names";
import type { Config } from "./schema";
import { deployedSections, type Sections } from "./sections";

export type Recipients = Config["notifications"];
export type WebhookConfig = Recipients["webhooks"][number];

/** The recipients of one pipeline, in place of the common ones; undefined if it has none of its own, or is off. */
export function recipientsOf(config: Sections, name: string): Recipients | undefined {
  const recipients = deployedSections(config).find((section) => section.name === name)?.settings.recipients;
  return recipients && recipients.emails.length + recipients.webhooks.length > 0 ? recipients : undefined;
}

/** All receivers of messages: the environment's and its pipelines'. */
export function allWebhooks(config: Sections & Pick<Config, "notifications">): readonly WebhookConfig[] {
  const own = deployedSections(config).flatMap(({ name }) => recipientsOf(config, name)?.webhooks ?? []);
  return [...config.notifications.webhooks, ...own];
}

/** A topic that notifies people. */
export interface NotifiedTopic {
  /** Its name on AWS. */
  readonly name: string;
  /** The pipeline that owns it; undefined for the topic of all others. */
  readonly pipeline?: string;
  /** The subscribers from the configuration. */
  readonly emails: readonly string[];
}

/** The common topic, and one for each pipeline with recipients of its own. */
export function notifiedTopics(config: Config): readonly NotifiedTopic[] {
  const own = deployedSections(config).flatMap((section) => {
    const recipients = recipientsOf(config, section.name);
    const name = resourceName(config, section.resourceName, "notifications");
    return recipients === undefined ? [] : [{ name, pipeline: section.name, emails: recipients.emails }];
  });
  return [{ name: resourceName(config, "notifications"), emails: config.notifications.emails }, ...own];
}
