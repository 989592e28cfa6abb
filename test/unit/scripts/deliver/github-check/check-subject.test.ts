import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dev } from "../../../../../config/dev";
import { overrideConfig } from "../../../../../config/load";
import type { Overrides } from "../../../../../config/overrides";
import { checkSubject } from "../../../../../scripts/deliver/github-check/check-subject";
import { readSubject } from "../../../../../scripts/deliver/github-check/token-claims";
import { FakeProgram } from "../../../../support/fakes/fake-program";
import { runProjectScript } from "../../../../support/processes/run-script";

const repository = "octo-org/millrace";
const ids = { ownerId: 583231, repositoryId: 1296269 };
const immutable = "repo:octo-org@583231/millrace@1296269";
const configured = (github: Overrides = {}) => overrideConfig(dev, { github: { repository, ...github } });
const token = (claims: object) =>
  ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "signature"].join(".");

const folder = mkdtempSync(join(tmpdir(), "millrace-subject-"));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const check = (github: Overrides, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runProjectScript("github-check.ts", args, {
    ...env,
    MILLRACE_CONFIG: write("config.json", JSON.stringify({ github: { repository, ...github } })),
  });

describe("a subject", () => {
  test.each([
    ["repo:octo-org/millrace:pull_request", {}, "plan"],
    ["repo:octo-org/millrace:environment:dev", {}, "deploy"],
    [`${immutable}:environment:dev-destroy`, ids, "destroy"],
    ["repo:octo-org/millrace:ref:refs/heads/main", { ...ids, legacySubject: true }, "plan"],
  ])("%s under %j takes the role %s", (subject, github, role) => {
    expect(checkSubject(configured(github), subject)).toEqual({ takes: [role], problems: [] });
  });

  test.each([
    [`${immutable}:pull_request`, {}, "set github: { ownerId: 583231, repositoryId: 1296269 }"],
    ["repo:octo-org/millrace:pull_request", ids, "set github.legacySubject until tokens have them"],
    ["repo:octo-org@1/millrace@2:pull_request", ids, "set github: { ownerId: 1, repositoryId: 2 }"],
    [
      "repo:Octo-Org/millrace:pull_request",
      {},
      "the token is from Octo-Org/millrace, but github.repository is octo-org",
    ],
    ["repo:octo-org/millrace:environment:prod", {}, "repo:octo-org/millrace:environment:dev-destroy"],
    ["project_path:group/project", {}, "not the subject of a workflow's token"],
  ])("%s under %j takes none: %s", (subject, github, problem) => {
    expect(checkSubject(configured(github), subject)).toEqual({
      takes: [],
      problems: [expect.stringContaining(problem)],
    });
  });
});

describe("a token", () => {
  const aud = "sts.amazonaws.com";

  test("has its subject read, and is never repeated", () => {
    expect(readSubject(`${token({ sub: "repo:o/r:pull_request", aud })}\n`, "t")).toBe("repo:o/r:pull_request");
    expect(() => readSubject(token({ sub: "s", aud: "https://github.com/o" }), "t")).toThrow("https://github.com/o");
    for (const broken of ["top-secret", token({ aud }), "e30.not-base64-json.x"]) {
      expect(() => readSubject(broken, "t")).toThrow("cannot be read");
      expect(() => readSubject(broken, "t")).not.toThrow(broken);
    }
  });

  test("is compared by the command", async () => {
    const file = write("token", token({ sub: `${immutable}:environment:dev`, aud }));

    const [taken, refused] = await Promise.all([
      check(ids, ["--token", file]),
      runProjectScript("github-check.ts", ["--subject", "repo:o/r:pull_request"]),
    ]);

    expect(taken).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("may assume the role bootstrap-millrace-dev-deploy"),
    });
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("the token is from o/r") });
  });
});

describe("--ask-github", () => {
  const answer = (created: string) =>
    JSON.stringify({ full_name: repository, id: 1296269, created_at: created, owner: { id: 583231 } });
  const asked = async (github: Overrides, answered: string) => {
    const gh = new FakeProgram("gh", answered);
    try {
      const outcome = await check(github, ["--ask-github"], gh.env);
      const { github: configured } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
      return { ...outcome, configured, calls: gh.takeCalls() };
    } finally {
      gh.remove();
    }
  };

  test("writes the ids into the configuration, of a new repository and an old one", async () => {
    // Act
    const ofNew = await asked({}, `echo '${answer("2026-09-01T00:00:00Z")}'`);
    const ofOld = await asked({ branch: "trunk" }, `echo '${answer("2024-01-01T00:00:00Z")}'`);

    // Assess
    expect(ofNew.calls).toEqual(["api repos/octo-org/millrace"]);
    expect(ofNew).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("github: { ownerId: 583231, repositoryId: 1296269 }"),
    });
    expect(ofNew.configured).toEqual({ repository, ...ids });
    expect(ofOld.configured).toEqual({ repository, branch: "trunk", ...ids, legacySubject: true });
  });

  test("leaves what differs to a person", async () => {
    const github = { ownerId: 583231, repositoryId: 7 };

    const other = await asked(github, `echo '${answer("2026-09-01T00:00:00Z")}'`);

    expect(other).toMatchObject({ code: 1, configured: { repository, ...github } });
    expect(other.output).toContain("github.repositoryId of dev is 7, GitHub says 1296269");
    expect(other.output).toContain(
      'set github: { repository: "octo-org/millrace", ownerId: 583231, repositoryId: 1296269 }',
    );
  });

  test("finds nothing wrong with the right ids, and the old form trusted in vain", async () => {
    const right = await asked(ids, `echo '${answer("2026-09-01T00:00:00Z")}'`);
    const vain = await asked({ ...ids, legacySubject: true }, `echo '${answer("2026-09-01T00:00:00Z")}'`);

    expect(right).toMatchObject({ code: 0, stdout: "github:check: no problems found" });
    expect(vain).toMatchObject({ code: 1, output: expect.stringContaining("made on 2026-09-01 do not have") });
  });

  test("says what to run where gh cannot answer", async () => {
    const { code, output } = await asked({}, "echo 'gh: Not Found (HTTP 404)' >&2; exit 1");

    expect(code).toBe(1);
    expect(output).toContain("HTTP 404");
    expect(output).toContain("gh api repos/octo-org/millrace --jq '.owner.id,.id'");
  });
});
