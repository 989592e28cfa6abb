import { execFileSync } from "node:child_process";
import { curlCommand, linkLife } from "../../../../scripts/ops/upload-link";
import { runProjectScript } from "../../../support/processes/run-script";

const now = new Date("2026-11-28T12:00:00Z");
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

describe("the life of a link", () => {
  test("is what was asked for where a user's keys sign, or a session that lasts longer", () => {
    for (const credentials of [{}, { sessionToken: "t", expiration: inHours(13) }]) {
      expect(linkLife(12, credentials, now)).toEqual({ seconds: 12 * 3600, until: inHours(12), warning: undefined });
    }
  });

  test("is that of the signing session, and it says so", () => {
    // Act
    const life = linkLife(12, { sessionToken: "t", expiration: inHours(1) }, now);

    // Assess
    expect(life).toMatchObject({ seconds: 3600, until: inHours(1) });
    expect(life.warning).toMatch(
      /ends at 2026-11-28T13:00:00.000Z, and the link with it, before 12 hours\. .*one hour/,
    );
  });

  test("may be shorter if the session's end is unknown", () => {
    expect(linkLife(12, { sessionToken: "t" }, now).warning).toMatch(/its end is unknown/);
  });

  test("is nothing where the session has ended", () => {
    expect(() => linkLife(12, { sessionToken: "t", expiration: now }, now)).toThrow(/has ended.*Log in again/s);
  });
});

describe("the command that uploads", () => {
  test("reaches curl unchanged, whatever is in it", () => {
    // Prepare
    const fields = { key: "it's $(id) `x`; a=b/", Policy: 'ey"\\n;type=text' };

    // Act
    const command = curlCommand({ url: "https://example.com/bucket", fields });

    // Assess
    const show = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`;
    expect(command).not.toContain("\n");
    expect(execFileSync("sh", ["-c", show], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual([
      "--fail-with-body",
      "--form-string",
      `key=${fields.key}`,
      "--form-string",
      `Policy=${fields.Policy}`,
      "--form",
      "file=@FILE",
      "https://example.com/bucket",
    ]);
  });
});

describe("npm run ops -- upload-link", () => {
  const keys = { ENVIRONMENT: "dev", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

  test.each([
    [["covod", "acme"], "There is no such pipeline"],
    [["orders", "acme"], 'orders has no such partner: got "acme", expected a partner, but there is none yet'],
    [["orders", "acme", "--hours", "169"], "expected a whole number from 1 to 168"],
    [["orders", "acme", "--hours", "0.5"], "expected a whole number from 1 to 168"],
    [["orders", "acme", "--megabytes", "9999"], "expected a whole number from 1 to 5120"],
  ])("%j is a user's mistake", async (args, message) => {
    // Act
    const { code, output } = await runProjectScript("ops.ts", ["upload-link", ...args], keys);

    // Assess
    expect(output).toContain(message);
    expect(output).not.toMatch(/\n {4}at /);
    expect(code).toBe(2);
  });
});
