import * as z from "zod";
import { checkedText, choice, keyArn, secretArn, section } from "../kinds";
import { isNamePart } from "../rules/names";

const WEBHOOKS_ALLOWED =
  "a list of { name, kind, secretArn, secretKeyArn?, leastSeverity? }; kind is slack, teams or json; leastSeverity is info, warning or error";

const webhookSchema = section({
  name: checkedText(
    (text) => isNamePart(text, 20),
    "2 to 20 lower-case letters, digits and single hyphens, a letter first, no hyphen last",
  ),
  kind: choice(["slack", "teams", "json"]),
  secretArn: secretArn(),
  secretKeyArn: keyArn().optional(),
  leastSeverity: choice(["info", "warning", "error"]).default("info"),
});

/** Who is notified: of everything, or of one pipeline. */
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
    emails: "Who gets a mail about the end of each run. Every address must confirm AWS's first message.",
    webhooks:
      "Receivers that each message is posted to as JSON. The plain text of the secret is the receiver's whole https:// address. leastSeverity filters runs; alarms are always sent.",
  }),
);

/** For one pipeline, in place of `notifications`. */
export const recipientsSchema = section(
  recipients({
    emails:
      "Who gets this pipeline's mails about runs and alarms, in place of `notifications`. If this and `webhooks` are unset, `notifications` applies.",
    webhooks:
      "Like `notifications.webhooks`, for this pipeline's runs and alarms; names are unique across all webhooks.",
  }),
)
  .prefault({})
  .meta({ description: "Who is notified of this pipeline." });
