import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findProgram } from "../../../../../scripts/command-line/find-program";
import { readLabels } from "../../../../../scripts/deliver/plan-guard/event-labels";
import { FakeProgram } from "../../../../support/fakes/fake-program";
import { describeUnless } from "../../../../support/files/real-data";
import { recordedFile } from "../../../../support/plans/recorded-plans";
import { runProjectScript } from "../../../../support/processes/run-script";

const folder = mkdtempSync(join(tmpdir(), "millrace-shell-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("pull-request-title.sh", () => {
  test.each([
    ["feat(etl): reject days that no calendar has", 0],
    ["fix!: drop the old table", 0],
    ["build(deps): bump zod from 4.6.7 to 4.6.8", 0],
    ["Add things", 1],
    ["feat(etl): ends with a stop.", 1],
    ["feat(Etl): capital scope", 1],
    ["feat:no space", 1],
    [`feat: ${"x".repeat(120)}`, 1],
    ["$(touch /nowhere/x) `id`", 1],
  ])("%s: %i", async (TITLE, code) => {
    expect((await runProjectScript("deliver/workflow/pull-request-title.sh", [], { TITLE })).code).toBe(code);
  });
});

describe("confirm-destroy.sh", () => {
  test.each([
    ["destroy-dev", 0],
    ["destroy-prod", 1],
    ["", 1],
  ])("%j for dev: %i", async (CONFIRM, code) => {
    expect(
      (await runProjectScript("deliver/workflow/confirm-destroy.sh", [], { ENVIRONMENT: "dev", CONFIRM })).code,
    ).toBe(code);
  });
});

describe("deploy-next.sh", () => {
  const gh = new FakeProgram("gh", "");
  afterAll(() => gh.remove());

  test.each([
    ["dev", ["workflow run deploy.yml --ref main --field environment=prod"]],
    ["prod", []],
    ["other", []],
  ])("after %s: %j", async (now, calls) => {
    await runProjectScript("deliver/workflow/deploy-next.sh", [now, '["dev", "prod"]'], gh.env);

    expect(gh.takeCalls()).toEqual(calls);
  });
});

const noJq = findProgram("jq") === undefined ? "jq is missing, which answers for gh here" : undefined;

describeUnless(noJq, "merged-pull-request.sh", () => {
  test("writes the labels of the pull request whose merge made the commit, for the guard", async () => {
    // Prepare
    const pulls = [
      { merged_at: "2026-01-01", merge_commit_sha: "abc", labels: [{ name: "allow-destroy", color: "red" }] },
      { merged_at: null, merge_commit_sha: "abc", labels: [{ name: "open" }] },
      { merged_at: "2026-01-01", merge_commit_sha: "def", labels: [{ name: "other" }] },
    ];
    writeFileSync(join(folder, "pulls.json"), JSON.stringify(pulls));
    // What gh does with --jq.
    const gh = new FakeProgram("gh", `jq -c "$4" '${join(folder, "pulls.json")}'`);
    const event = join(folder, "event.json");

    // Act
    const { code } = await runProjectScript("deliver/workflow/merged-pull-request.sh", ["abc", event], {
      ...gh.env,
      GH_REPO: "octo-org/millrace",
    });

    // Assess
    expect(code).toBe(0);
    expect(gh.takeCalls()).toEqual([expect.stringContaining("api repos/octo-org/millrace/commits/abc/pulls")]);
    expect(readLabels(event)).toEqual(["allow-destroy"]);
    gh.remove();
  });
});

describe("review-plans.sh", () => {
  const summary = join(folder, "summary.md");
  const review = (list: string) => {
    writeFileSync(join(folder, "plans.txt"), list);
    const args = ["Plan for dev", join(folder, "plans.txt"), join(folder, "comment.md")];
    const env = { GITHUB_STEP_SUMMARY: summary, RUN_URL: "https://run" };
    return runProjectScript("deliver/workflow/review-plans.sh", args, env);
  };

  test("writes the comment and the summary", async () => {
    await review(`${recordedFile("create")}\n`);

    expect(readFileSync(join(folder, "comment.md"), "utf8")).toMatch(/^## Plan for dev\n/);
    expect(readFileSync(summary, "utf8")).toContain("### Changes: 5 create");
  });

  test("says that nothing is deployed where there is nothing to plan", async () => {
    await review("");

    expect(readFileSync(join(folder, "comment.md"), "utf8")).toBe("**Plan for dev**: nothing is deployed\n");
  });
});

describe("lint-workflows.sh", () => {
  test("names what is missing, and installs nothing", async () => {
    const { code, output } = await runProjectScript("deliver/workflow/lint-workflows.sh", [], {
      PATH: "/usr/bin:/bin",
    });

    expect(code).toBe(2);
    expect(output).toContain("pip install zizmor==");
  });
});

describe("validate-axis.sh", () => {
  const stacks = join(folder, "axis");
  const program = new FakeProgram(
    "terraform",
    '[[ "$*" == *network* && "$*" == *validate* && -n "$REFUSES" ]] && exit 1; exit 0',
  );
  const npm = new FakeProgram("npm", "");
  afterAll(() => {
    program.remove();
    npm.remove();
  });
  const validate = (env: NodeJS.ProcessEnv) => {
    const PATH = [program, npm].map(({ env: { PATH: path = "" } }) => path.split(":")[0]).join(":");
    return runProjectScript("deliver/workflow/validate-axis.sh", [stacks, "terraform"], {
      ...program.env,
      ...env,
      PATH: `${PATH}:${process.env.PATH}`,
    });
  };

  test("validates every stack of every environment, and ends with the first that is refused", async () => {
    for (const stack of ["dev/etl", "dev/network"]) mkdirSync(join(stacks, stack), { recursive: true });

    const valid = await validate({});
    const calls = program.takeCalls();
    const refused = await validate({ REFUSES: "yes" });

    expect(valid).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`terraform: ${stacks}/dev/network/ is valid`),
    });
    const of = (stack: string, step: string) => `-chdir=${stacks}/dev/${stack}/ ${step} -no-color`;
    expect(calls).toEqual([
      of("etl", "init -backend=false -input=false"),
      of("etl", "validate"),
      of("network", "init -backend=false -input=false"),
      of("network", "validate"),
    ]);
    expect(npm.takeCalls()).toContain(`run --silent build -- --out ${dirname(stacks)}/dist`);
    expect(refused).toMatchObject({ code: 1, output: expect.not.stringContaining("network/ is valid") });
  });
});
