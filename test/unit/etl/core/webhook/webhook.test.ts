import { readMessage, type TopicMessage } from "../../../../../etl/core/webhook/message";
import { webhookPayload } from "../../../../../etl/core/webhook/payload";

const time = "2026-11-28T06:31:07.000Z";
const failed: TopicMessage = {
  subject: "ERROR: millrace-prod-covid failed",
  text: "millrace-prod-covid failed at step load.\nReason: 3 < 4 & <!channel>",
  severity: "error",
  pipeline: "covid",
  time,
};

describe("a topic's message", () => {
  test("of a run has the severity and the pipeline of its attributes", () => {
    const attributes = { severity: "info", pipeline: "covid" };
    const message = "There were 3 inserts and 0 updates";

    expect(readMessage({ subject: "INFO: millrace-prod-covid succeeded", message, time, attributes })).toEqual({
      ...{ subject: "INFO: millrace-prod-covid succeeded", text: message, severity: "info", pipeline: "covid", time },
    });
  });

  test("of an alarm says which, what to do and why, not JSON", () => {
    const alarm = { AlarmName: "millrace-prod-etl-cpu", AlarmDescription: "Look at it.", NewStateReason: "Crossed" };
    const read = (NewStateValue: string) =>
      readMessage({ subject: "ALARM: …", message: JSON.stringify({ ...alarm, NewStateValue }), time, attributes: {} });

    expect(read("ALARM")).toEqual({
      ...{ subject: "ALARM: millrace-prod-etl-cpu", text: "Look at it.\nCrossed", severity: "error", time },
    });
    expect(read("OK")).toMatchObject({ subject: "OK: millrace-prod-etl-cpu", severity: "info" });
  });

  test.each([
    ["ERROR: a run failed", "error"],
    ["AWS Budgets: millrace-prod-monthly has exceeded your alert threshold", "warning"],
    [undefined, "warning"],
  ])("without attributes, with the subject %s, is %s", (subject, severity) => {
    expect(readMessage({ subject, message: '{"budget": 1}', time, attributes: {} })).toMatchObject({ severity });
  });
});

describe("what is posted", () => {
  test("to Slack is a text with its three special characters escaped, so that a row's text cannot mention a user", () => {
    expect(webhookPayload("slack", failed)).toEqual({
      text: "*ERROR: millrace-prod-covid failed*\nmillrace-prod-covid failed at step load.\nReason: 3 &lt; 4 &amp; &lt;!channel&gt;",
    });
  });

  test("to Teams is a message with one Adaptive Card, a block a line", () => {
    const run = (text: string, more = {}) => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", text, ...more }] });

    expect(webhookPayload("teams", failed)).toEqual({
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
              run("ERROR: millrace-prod-covid failed", { weight: "bolder", size: "medium", color: "attention" }),
              run("millrace-prod-covid failed at step load."),
              run("Reason: 3 < 4 & <!channel>"),
            ],
          },
        },
      ],
    });
  });

  test("to anything else is the message as it is", () => {
    expect(webhookPayload("json", failed)).toEqual(failed);
  });

  test("is no longer than the receiver takes", () => {
    const long = { ...failed, text: `${"x".repeat(4_999)}😀`.repeat(20) };

    expect(JSON.stringify(webhookPayload("slack", long)).length).toBeLessThan(40_000);
    expect(
      Buffer.byteLength(JSON.stringify(webhookPayload("teams", { ...long, text: "é".repeat(90_000) }))),
    ).toBeLessThan(28_000);
    expect(JSON.stringify(webhookPayload("teams", long))).toMatch(/x…"/);
    const lines = webhookPayload("teams", { ...long, text: "€\n".repeat(90_000) });
    expect(Buffer.byteLength(JSON.stringify(lines))).toBeLessThan(28_000);
  });
});
