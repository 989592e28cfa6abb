import { readBackend } from "../../config/backend";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { pagesWeb } from "../infra/support/pages-web";
import { makeAttackTargets, makeGreedyRole } from "../support/cloud/attacks/attack-targets";
import { attacks, type Place, type Role } from "../support/cloud/attacks/attacks";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, githubTokens, startCloud } from "../support/cloud/cloud";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { borrowRole, type RoleSession, takeRole, WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const REPOSITORY = "octo-org/millrace";
const IDS = { ownerId: 583231, repositoryId: 1296269 };

describeUnless(cloudMissing, "attacks on the roles that the bootstrap makes, on the emulated AWS", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  let roles: WorkflowRoles;
  let place: Place;
  const sessions = new Map<Role, RoleSession>();

  beforeAll(async () => {
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      // The roles may use CloudFront only where there are pages in a browser.
      overrides: { github: { repository: REPOSITORY, ...IDS }, pages: { web: pagesWeb } },
    }));
    await (await keepProvider(deployment, "administrator")).bootstrap.create();
    roles = new WorkflowRoles(cloud, deployment, githubTokens);
    const backend = readBackend(deployment.config);
    if (backend === undefined) throw new Error("the bootstrap wrote no backend");
    const { bucket, lockTable, kmsKeyArn: stateKey } = backend;
    place = { ...(await makeAttackTargets(cloud)), bucket, lockTable, stateKey };
    for (const kind of ["plan", "deploy", "destroy"] as const) {
      sessions.set(kind, await roles.session(kind, `attack-as-${kind}`));
    }
    const greedy = await makeGreedyRole(cloud, "attack-greedy", "bootstrap-millrace-dev-boundary");
    sessions.set("function", await borrowRole(cloud, greedy, "attack-as-function"));
  }, 10 * MINUTES);

  afterAll(() => cloud?.stop());

  test.each(attacks)("%s may not %s: %s", async (role, action, _, call) => {
    const answer = await callCloud(cloud, { ...call(place), credentials: sessions.get(role) });

    expect(answer.ok).toBe(false);
    expect(await answer.text()).toMatch(new RegExp(`not authorized to perform: ${action} on resource`));
  });

  test.each([
    ["plan", `repo:octo-org@583231/millrace@1296269:pull_request`],
    ["plan", `repo:octo-org@583231/millrace@1296269:ref:refs/heads/main`],
    ["deploy", `repo:octo-org@583231/millrace@1296269:environment:dev`],
    ["destroy", `repo:octo-org@583231/millrace@1296269:environment:dev-destroy`],
  ] as const)("%s is given to %s", async (kind, sub) => {
    await expect(roles.session(kind, "token", sub)).resolves.toMatchObject({ sessionToken: expect.any(String) });
  });

  test.each([
    ["plan", "another branch", "repo:octo-org@583231/millrace@1296269:ref:refs/heads/other"],
    ["plan", "a tag of the branch's name", "repo:octo-org@583231/millrace@1296269:ref:refs/tags/main"],
    ["deploy", "a pull request", "repo:octo-org@583231/millrace@1296269:pull_request"],
    ["deploy", "the branch outside of its environment", "repo:octo-org@583231/millrace@1296269:ref:refs/heads/main"],
    ["deploy", "prod", "repo:octo-org@583231/millrace@1296269:environment:prod"],
    ["destroy", "the environment of deployments", "repo:octo-org@583231/millrace@1296269:environment:dev"],
    ["deploy", "another repository", "repo:octo-org@583231/other@1296270:environment:dev"],
    ["deploy", "who took the name over", "repo:octo-org@999999/millrace@1296269:environment:dev"],
    ["deploy", "the old form, which names no ids", "repo:octo-org/millrace:environment:dev"],
    ["deploy", "a longer name", "repo:octo-org@583231/millrace@1296269:environment:dev-eu"],
  ] as const)("%s is not given to %s", async (kind, _, sub) => {
    await expect(roles.session(kind, "token", sub)).rejects.toMatchObject({ code: "AccessDenied" });
  });

  test.each([
    ["for another audience", { aud: "https://github.com/octo-org" }, "InvalidIdentityToken"],
    ["that has expired", { exp: Math.floor(Date.now() / 1000) - 60 }, "ExpiredTokenException"],
    ["of another issuer", { iss: "https://token.example.com" }, "InvalidIdentityToken"],
  ])("no role is given for a token %s", async (_, claims, code) => {
    const [sub = ""] = roles.subjects("deploy");

    const taken = takeRole(cloud, roles.arn("deploy"), githubTokens.sign({ sub, ...claims }), "token");

    await expect(taken).rejects.toMatchObject({ code });
  });

  // Last: they do what they say.
  test.each(attacks)("nothing but a permission stops what %s tries, %s: %s", async (_, __, ___, call) => {
    const answer = await callCloud(cloud, call(place));

    expect(await answer.text()).not.toMatch(/not authorized|AccessDenied/);
  });
});
