import * as z from "zod";
import { checkedText, flag, secretArn, section, text } from "../../kinds";
import { isTimeZone } from "../../rules/time-zone";

const OWNERS_ALLOWED =
  "a list of one to ten ARNs: arn:PARTITION:quicksight:REGION:ACCOUNT:user/NAMESPACE/NAME or …:group/NAMESPACE/NAME";

export const pagesQuicksightSchema = section({
  enabled: flag()
    .default(false)
    .meta({
      description:
        "Whether Amazon QuickSight has a dashboard of `covid`. The account must have a subscription, which is paid per user and month.",
      examples: [false],
    }),
  owners: z
    .array(
      text(
        /^arn:aws[a-z-]*:quicksight:[a-z0-9-]+:\d{12}:(user|group)\/[a-zA-Z0-9._-]{1,64}\/[^\s"$%{}]{1,256}$/,
        OWNERS_ALLOWED,
      ),
      OWNERS_ALLOWED,
    )
    .max(10, OWNERS_ALLOWED)
    .refine((owners) => new Set(owners).size === owners.length, "a list of different ARNs")
    .default([])
    .meta({
      allowed: OWNERS_ALLOWED,
      description: "Who sees the dashboard and may change and share it in QuickSight; nobody else can see it.",
      examples: [["arn:aws:quicksight:eu-central-1:111122223333:user/default/ada"]],
    }),
  secretArn: secretArn()
    .optional()
    .meta({
      description:
        "A secret with the username and password that QuickSight reads with. Unset: the database's own, whose user may do everything and whose password changes every seven days.",
      examples: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:quicksight-reader-AbCdEf"],
    }),
  refreshAt: text(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of the day, hh:mm")
    .default("07:30")
    .meta({ description: "When QuickSight reads the table again, each day.", examples: ["08:00"] }),
  timeZone: checkedText(isTimeZone, "an IANA time zone in its official spelling, for example Europe/Berlin")
    .default("UTC")
    .meta({ description: "The time zone of that time.", examples: ["Europe/Berlin"] }),
})
  .prefault({})
  .refine(({ enabled, owners }) => !enabled || owners.length > 0, {
    path: ["owners"],
    error: OWNERS_ALLOWED,
  })
  .meta({ description: "A dashboard of the daily feed in Amazon QuickSight." });
