import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ThisMachine } from "../../../../../scripts/deliver/doctor/this-machine";
import { FakeProgram } from "../../../../support/fakes/fake-program";
import { runProjectScript } from "../../../../support/processes/run-script";

/** As Terraform 1.11 says it. */
const UNREACHABLE = `
Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider hashicorp/aws:
could not connect to the registry: no such host

To see which modules are currently depending on hashicorp/aws and what
versions are specified, run the following command:
    terraform providers
`;

test("what git says of a file: committed, changed since, unknown to it, or not of this checkout", async () => {
  // Prepare
  const checkout = mkdtempSync(join(tmpdir(), "millrace-checkout-"));
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: checkout });
  for (const name of ["same", "changed"]) writeFileSync(join(checkout, name), "1");
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  for (const name of ["changed", "new"]) writeFileSync(join(checkout, name), "2");

  // Act
  const machine = new ThisMachine(checkout);
  const files = ["same", "changed", "new"].map((name) => join(checkout, name));
  const said = await Promise.all([...files, join(tmpdir(), "elsewhere")].map((file) => machine.committed(file)));

  // Assess
  expect(said).toEqual(["yes", "changed", "no", "outside"]);
  rmSync(checkout, { recursive: true });
});

describe("npm run doctor", () => {
  const terraform = new FakeProgram(
    "terraform",
    `if [ "$1" = version ]; then echo '{"terraform_version":"1.10.5"}'; else cat >&2 <<'END'\n${UNREACHABLE}\nEND\nexit 1; fi`,
  );
  const nobody = {
    AWS_PROFILE: "",
    AWS_ACCESS_KEY_ID: "",
    AWS_SECRET_ACCESS_KEY: "",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const files = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  const env = { ...process.env, ...terraform.env, ...nobody, ...files };
  afterAll(() => terraform.remove());

  test("is JSON for a program, and ends with 1 where a line fails; what hangs on credentials is left out", async () => {
    const { code, stdout } = await runProjectScript("doctor.ts", ["--json"], env);

    const findings: readonly Record<string, string>[] = JSON.parse(stdout);
    const failed = findings.filter(({ level }) => level === "fail");
    expect(code).toBe(1);
    expect(failed.map(({ name }) => name)).toEqual(["terraform", "providers", "credentials"]);
    expect(failed[1]?.detail).toMatch(/: Failed to query available provider packages .*no such host$/);
    expect(findings.map(({ name }) => name)).not.toContain("account");
  });

  test("stops a bootstrap before anything is made, with the lines that failed", async () => {
    const { code, output } = await runProjectScript("bootstrap.ts", [], env);

    expect(code).toBe(1);
    expect(output).toMatch(
      /error: Nothing was done: the pre-flight failed\nFAIL terraform +1\.10\.5 is too old\n +fix: /,
    );
    expect(terraform.takeCalls().filter((call) => !/^(version|init -backend=false)/.test(call))).toEqual([]);
  });
});
