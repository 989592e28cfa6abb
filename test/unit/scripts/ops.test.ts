import { runProjectScript } from "../../support/processes/run-script";

/** Away from any credentials of this machine. */
const nobody = {
  ENVIRONMENT: "dev",
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: "/nowhere",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
  AWS_EC2_METADATA_DISABLED: "true",
};

describe("npm run ops", () => {
  test.each([
    [["start", "covod"], 2, 'There is no such pipeline: got "covod", expected covid, '],
    [["backfill", "nobody", "--from", "2026-01-01", "--to", "2026-01-02"], 2, 'got "nobody", expected covid$'],
    [["undo", "readings", "abcd"], 2, 'There is no such pipeline: got "readings", expected covid, orders$'],
    [["as-of", "readings", "2026-01-01"], 2, 'There is no such pipeline: got "readings", expected covid$'],
    [["undo", "nobody", "abcd"], 2, 'There is no such contract: got "nobody", expected covid, orders, '],
    [["start", "orders"], 2, "orders cannot be started: each new object starts it"],
    [["runs", "orders"], 2, "orders has no runs: each object is processed separately"],
    [["start", "covid", "--input", "README.md"], 2, "--input takes a file with a JSON object: got README.md: "],
    [["logs", "covid", "--since", "soon"], 2, "30m, 12h, 7d"],
    [["status"], 2, "missing required argument 'name'"],
    [["status", "covid"], 1, "There are no AWS credentials"],
  ])("%j ends with %i and says what to do", async (args, code, message) => {
    const { code: ended, output } = await runProjectScript("ops.ts", args, nobody);

    expect(ended).toBe(code);
    expect(`${output.trimEnd()}$`).toContain(message);
    expect(output).not.toMatch(/\n {4}at /);
    expect(output).not.toMatch(/NodeVersionSupportWarning/);
  });

  test("takes the ages that its help gives", async () => {
    // Prepare
    const { output: help } = await runProjectScript("ops.ts", ["logs", "--help"], nobody);
    const [, ages = ""] = /--since <age>\s+(.*)/.exec(help) ?? [];
    const [shown, normal] = [ages.match(/\b\d+[mhd]\b/g) ?? [], /default: (\S+)\)/.exec(ages)?.[1] ?? "none"];

    // Act
    const outcome = await runProjectScript("ops.ts", ["logs", "covid", "--since", normal], nobody);

    // Assess
    expect(shown).toContain(normal);
    expect(outcome.output).toContain("There are no AWS credentials");
  });

  test("tells a failure to a program, too", async () => {
    const { stdout } = await runProjectScript("ops.ts", ["status", "covid", "--json"], nobody);

    expect(JSON.parse(stdout)).toEqual({ error: expect.stringMatching(/^There are no AWS credentials/) });
  });
});
