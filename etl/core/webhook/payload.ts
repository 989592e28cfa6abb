import type { Severity, TopicMessage } from "./message";

export const WEBHOOK_KINDS = ["slack", "teams", "json"] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** Slack cuts a text at 40,000 characters, Teams refuses a message of more than 28 KB; both with what we add. */
const LONGEST_TEXT = { slack: 35_000, teams: 5_000, json: Number.POSITIVE_INFINITY } as const;

/** Each is a separate block in a card. */
const MOST_LINES = 40;

/** Colours of Adaptive Cards. */
const COLOUR: Readonly<Record<Severity, string>> = { info: "good", warning: "warning", error: "attention" };

/** The JSON body for a kind of receiver. */
export function webhookPayload(kind: WebhookKind, message: TopicMessage): object {
  const text = cut(message.text, LONGEST_TEXT[kind]);
  if (kind === "slack") return slackPayload({ ...message, text });
  if (kind === "teams") return teamsPayload({ ...message, text });
  return message;
}

/** "Sending messages using incoming webhooks" and "Formatting message text", Slack's developer documentation. */
function slackPayload({ subject, text }: TopicMessage): object {
  return { text: `*${escapeSlack(subject)}*\n${escapeSlack(text)}` };
}

/** Slack's three special characters; without them, nothing is a reference or a command. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * A message with one Adaptive Card, as workflows ("When a Teams webhook request is received") and the older incoming
 * webhooks accept it. Text runs have no Markdown, which would spoil names with underscores.
 */
function teamsPayload({ subject, text, severity }: TopicMessage): object {
  const line = (run: object) => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", ...run }] });
  const all = text.split("\n").filter((each) => each.trim() !== "");
  const lines = all.length > MOST_LINES ? [...all.slice(0, MOST_LINES), "…"] : all;
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            line({ text: subject, weight: "bolder", size: "medium", color: COLOUR[severity] }),
            ...lines.map((each) => line({ text: each })),
          ],
        },
      },
    ],
  };
}

/** Not within a surrogate pair. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
