import { checkRights } from "../../../../../scripts/deliver/github-check/check-rights";
import { parseWorkflow } from "../../../../../scripts/deliver/github-check/workflow-file";

/** Each job as its steps and what else it says; sound as it is. */
const good = `
name: Sound
on: { pull_request: {} }
jobs:
  plan:
    if: github.event.pull_request.head.repo.full_name == github.repository
    permissions: { contents: read, id-token: write }
    steps:
      - run: npm run plan-guard
  comment:
    permissions: { pull-requests: write }
    steps:
      - uses: somebody/comment@v1
`;
const deploying = `
name: Deploying
on: { push: {}, workflow_dispatch: { inputs: { rehearse: { type: boolean, default: true } } } }
jobs:
  deploy:
    environment: dev
    permissions: { id-token: write }
    steps:
      - run: npx tsx scripts/deliver/workflow/aws-access.ts deploy
      - run: npx tsx scripts/deliver/workflow/plan-fingerprint.ts --expect "$REVIEWED"
      - run: npm run plan-guard
      - run: npm run --silent deploy -- --reviewed plans/etl.json
  destroy:
    environment: dev-destroy
    permissions: { id-token: write }
    steps:
      - run: npx tsx scripts/deliver/workflow/aws-access.ts destroy
      - if: inputs.rehearse
        run: npm run --silent destroy -- --rehearse
      - run: npx tsx scripts/deliver/workflow/prepare-destroy.ts --confirm "$CONFIRM"
      - run: npm run destroy -- --confirm "$CONFIRM"
`;
const problemsOf = (text: string) => checkRights(parseWorkflow("a.yml", text));

describe("checkRights", () => {
  test("sound workflows have no problems", () => {
    expect([...problemsOf(good), ...problemsOf(deploying)]).toEqual([]);
  });

  test.each([
    [good, "permissions: { contents: read, id-token: write }", "permissions: write-all", "plan has write-all"],
    [good, "contents: read", "contents: write", "plan may write contents"],
    [good, "contents: read", "packages: write", "plan may write packages"],
    [
      good,
      "    if: github.event.pull_request.head.repo.full_name == github.repository\n",
      "",
      "for pull requests of forks",
    ],
    [good, "npm run plan-guard", "npm test", "plans a pull request without plan-guard"],
    [
      good,
      "npm run plan-guard",
      "npx tsx plan-stacks.ts && npm run --silent data-plan",
      "plans a pull request without plan-guard",
    ],
    [good, "somebody/comment@v1", "actions/checkout@v1", "comment writes comments"],
    [deploying, "    environment: dev\n", "", "deploys without an environment"],
    [deploying, "    environment: dev-destroy\n", "", "an environment that ends in -destroy"],
    [deploying, "dev-destroy", "dev", "an environment that ends in -destroy"],
    [deploying, ' --expect "$REVIEWED"', "", "without comparing it with the reviewed one"],
    [deploying, "npm run plan-guard", "npm test", "plan-guard has not checked"],
    [deploying, "npm run --silent destroy -- --rehearse", "echo rehearsed", "destroy destroys without a rehearsal"],
    [deploying, "if: inputs.rehearse", "if: false", "destroy destroys without a rehearsal"],
    [deploying, "default: true", "default: false", "destroy destroys without a rehearsal"],
    [deploying, 'prepare-destroy.ts --confirm "$CONFIRM"', "prepare-destroy.ts", "without passing the typed word"],
    [deploying, 'destroy -- --confirm "$CONFIRM"', "destroy", "without passing the typed word"],
  ])("of %#, %s", (text, before, after, problem) => {
    expect(text).toContain(before);

    expect(problemsOf(text.replace(before, after))).toEqual([expect.stringContaining(problem)]);
  });
});
