import * as z from "zod";
import { checkedText, principalArn, section, text } from "../../kinds";
import { isFolderPrefix } from "../../rules/prefixes";

const PARTNERS = "a list of { name, principalArn, prefix }";
const CONSUMERS = "a list of { principalArn }, each once";
/** A queue's policy has room for 8,192 bytes (SQS quotas). */
const MOST_CONSUMERS = 16;

/**
 * Who may put objects below a prefix of a pipeline. The rules across partners and the prefixes of other pipelines are
 * in config/rules/doors.ts.
 *
 * @param example of a prefix
 */
export const partnersSchema = (example: string) =>
  z
    .array(
      section({
        name: text(/^[a-z][a-z0-9]{0,31}$/, "up to 32 lower-case letters and digits, a letter first"),
        principalArn: principalArn().optional(),
        prefix: checkedText(
          isFolderPrefix,
          "folders that end with a slash, up to 100 characters without * and ?, without a slash first, none of them . or ..",
        ),
      }),
      PARTNERS,
    )
    .default([])
    .meta({
      allowed: PARTNERS,
      description:
        "Who may put objects below which prefix, and nothing else; without a principalArn, by links of `npm run ops -- upload-link`.",
      examples: [[{ name: "acme", principalArn: "arn:aws:iam::444455556666:role/feeds", prefix: example }]],
    });

/** Who receives a queue's messages. */
export const consumersSchema = () =>
  z
    .array(section({ principalArn: principalArn() }), CONSUMERS)
    .max(MOST_CONSUMERS, `${CONSUMERS}, at most ${MOST_CONSUMERS}`)
    .refine((consumers) => new Set(consumers.map((one) => one.principalArn)).size === consumers.length, CONSUMERS)
    .default([])
    .meta({
      allowed: CONSUMERS,
      description: "Who may receive messages from the outgoing queue, and read those stored below messages/.",
      examples: [[{ principalArn: "arn:aws:iam::444455556666:role/crm" }]],
    });
