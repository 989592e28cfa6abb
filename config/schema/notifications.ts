import * as z from "zod";
import { checkedText, choice, keyArn, secretArn, section } from "../kinds";
import { isNamePart } from "../rules/names";

const WEBHOOKS_ALLOWED =
  "a list of { name, kind, secretArn, secretKeyArn?, leastSeverity? }; kind is slack, teams or json; leastSeverity is info, warning or error";

const webhookSchema = section({
  name: checkedText(
    (text) => isNamePart(text, 20),
    "2 to 20 lower-case letters, digits and single hyphens, a letter first",
  ),
  kind: choice(["slack", "teams", "json"]),
  secretArn: secretArn(),
  secretKeyArn: keyArn().optional(),
  leastSeverity: choice(["info", "warning", "error"]).default("info"),
});

/** Who is told: of everything, or of one pipeline. */
const recipients = (who: { readonly emails: string; readonly webhooks: string }) => ({
  emails: z
    .array(z.email("an e-mail address"), "a list of e-mail addresses")
    .refine((emails) => new Set(emails).size === emails.length, "a list of different e-mail addresses")
    .default([])
    .meta({ allowed: "a list of e-mail addresses", description: who.emails, examples: [["data-team@example.com"]] }),
  webhooks: z
    .array(webhookSchema, WEBHOOKS_ALLOWED)
    .default([])
    .meta({
      allowed: WEBHOOKS_ALLOWED,
      description: who.webhooks,
      examples: [
        [
          {
            name: "data-team",
            kind: "slack",
            secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbCdEf",
          },
        ],
      ],
    }),
});

export const notificationsSchema = section(
  recipients({
    emails: "Who is told how each run ended. Every address must confirm AWS's first message.",
    webhooks:
      "Receivers that each message is posted to as JSON. The plain text of the secret is the receiver's whole https:// address. leastSeverity leaves out runs; alarms always come.",
  }),
);

/** Of one pipeline, in place of those of `notifications`. */
export const recipientsSchema = section(
  recipients({
    emails:
      "Who is told of this pipeline's runs and alarms in place of `notifications`. Unset with `webhooks`, as there.",
    webhooks: "As `notifications.webhooks`, for this pipeline's runs and alarms; a name is used once in all.",
  }),
)
  .prefault({})
  .meta({ description: "Who is told of this pipeline." });
