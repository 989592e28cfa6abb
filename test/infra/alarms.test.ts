import { readFileSync } from "node:fs";
import { join } from "node:path";
import { prod } from "../../config/prod";
import { someBackend, synthesize } from "./support/synthesize";

const page = readFileSync(join(__dirname, "../../docs/operations.md"), "utf8");
const patterns = [...page.matchAll(/^\| `(\*[^`]+)` \|/gm)].map(([, pattern = ""]) => pattern);
const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbCdEf";
const overrides = { notifications: { webhooks: [{ name: "team", kind: "slack", secretArn }] } };
const stacks = synthesize({ environment: prod, backend: someBackend, overrides });
const alarms = Object.values(stacks).flatMap((stack) => stack.resources("aws_cloudwatch_metric_alarm"));

/** A command, a place to look, or a setting to change. */
const ADVICE =
  /npm run|aws \w+|\b([Ll]ook|[Rr]ead|[Rr]aise|[Cc]heck|[Gg]ive|[Ss]et|[Ss]ee|[Ss]tart|[Cc]onfirm|[Aa]dd|[Aa]sk|says)\b/;

/** The first line of the table whose name fits. */
function lineOf(alarm: unknown): string | undefined {
  return patterns.find((pattern) => String(alarm).endsWith(pattern.slice(1)));
}

describe("docs/operations.md, an alarm at night", () => {
  test.each(alarms.map(({ arguments: alarm }) => String(alarm.alarm_name)))("knows %s", (name) => {
    expect(lineOf(name)).toBeDefined();
  });

  test("has no line that no alarm comes to", () => {
    const lines = new Set(alarms.map(({ arguments: alarm }) => lineOf(alarm.alarm_name)));

    expect(patterns.length).toBeGreaterThan(10);
    expect(patterns.filter((pattern) => !lines.has(pattern))).toEqual([]);
  });

  test("comes after a mail that says what to do itself", () => {
    for (const { arguments: alarm } of alarms) expect(String(alarm.alarm_description)).toMatch(ADVICE);
  });
});
