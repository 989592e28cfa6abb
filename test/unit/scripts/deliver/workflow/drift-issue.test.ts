import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeProgram } from "../../../../support/fakes/fake-program";
import { runProjectScript } from "../../../../support/processes/run-script";

const folder = mkdtempSync(join(tmpdir(), "millrace-drift-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** `gh` of a repository in which an issue about the drift is open, or none (""). Keeps the body that it was given. */
function fakeGh(open: string): FakeProgram {
  return new FakeProgram(
    "gh",
    `[ "$1 $2" != "issue list" ] || echo "${open}"
     while [ $# -gt 0 ]; do [ "$1" != --body-file ] || cp "$2" "$FAKE_FOLDER/body"; shift; done`,
  );
}

async function run(gh: FakeProgram, drift: boolean) {
  writeFileSync(join(folder, "drift"), `${drift}\n`);
  writeFileSync(join(folder, "report.md"), "## Drift in dev\n");
  const result = await runProjectScript("deliver/workflow/drift-issue.sh", ["dev", folder, "https://run"], gh.env);
  return { code: result.code, calls: gh.takeCalls().slice(1) };
}

describe("the issue about drift", () => {
  const none = fakeGh("");
  const open = fakeGh("7");
  afterAll(() => {
    none.remove();
    open.remove();
  });

  test("is opened once, with the report and the run", async () => {
    const { code, calls } = await run(none, true);

    expect(code).toBe(0);
    expect(calls).toEqual([
      expect.stringMatching(/^label create drift-dev --force/),
      expect.stringMatching(/^issue create --title Drift in dev --label drift-dev --body-file/),
    ]);
    expect(none.read("body")).toMatch(/^## Drift in dev\n[\s\S]*https:\/\/run/);
  });

  test("is updated while it is open, and closed when the drift has ended", async () => {
    expect((await run(open, true)).calls).toEqual([expect.stringMatching(/^issue edit 7 --body-file/)]);
    expect((await run(open, false)).calls).toEqual(["issue close 7 --comment The drift is gone: https://run"]);
  });

  test("stays unchanged if there is neither", async () => {
    expect(await run(none, false)).toEqual({ code: 0, calls: [] });
  });

  test("stays as it is when GitHub fails", async () => {
    const broken = new FakeProgram("gh", "exit 4");

    expect(
      (await runProjectScript("deliver/workflow/drift-issue.sh", ["dev", folder, "u"], broken.env).catch((e) => e))
        .code,
    ).toBe(4);
    expect(broken.takeCalls()).toHaveLength(1);
    broken.remove();
  });
});
