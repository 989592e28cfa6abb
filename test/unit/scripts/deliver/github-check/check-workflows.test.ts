import { checkWorkflows } from "../../../../../scripts/deliver/github-check/check-workflows";
import { parseWorkflow } from "../../../../../scripts/deliver/github-check/workflow-file";

const SHA = "3d3c42e5aac5ba805825da76410c181273ba90b1";
const good = `
name: Sound
on:
  workflow_dispatch:
    inputs:
      environment: { type: choice, options: [dev] }
permissions: {}
concurrency: { group: one }
jobs:
  only:
    timeout-minutes: 5
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${SHA} # v7.0.1
        with: { persist-credentials: false }
      - run: npm run build
      - run: scripts/deliver/workflow/there.sh
`;

const checkout = {
  hasFile: (path: string) => path === "scripts/deliver/workflow/there.sh",
  hasNpmScript: (name: string) => name === "build",
  hasEnvironment: (name: string) => name === "dev",
};
const problemsOf = (text: string) => checkWorkflows([parseWorkflow("sound.yml", text)], checkout);

test("a sound workflow has no problems", () => {
  expect(problemsOf(good)).toEqual([]);
});

test.each([
  [`@${SHA} # v7.0.1`, "@v7", "not pinned"],
  [" # v7.0.1", "", "not pinned"],
  ["on:\n", "on:\n  pull_request_target:\n", "pull_request_target"],
  ["permissions: {}\n", "", "`permissions: {}` is missing"],
  ["permissions: {}\n", "permissions: read-all\n", "`permissions: {}` is missing"],
  ["concurrency: { group: one }\n", "", "concurrency"],
  ["    timeout-minutes: 5\n", "", "job only has no time-out"],
  ["    permissions: { contents: read }\n", "", "job only has no permissions"],
  ["{ persist-credentials: false }", "{ fetch-depth: 1 }", "credentials"],
  ["- run: npm run build", "- run: |\n          a\n          b\n          c\n          d", "more than 3 lines"],
  ["npm run build", "npm run build | tee log", "a step goes on if what is before its | fails"],
  ["npm run build", "npm run --silent built", "npm run built does not exist"],
  ["there.sh", "elsewhere.sh", "scripts/deliver/workflow/elsewhere.sh does not exist"],
  ["options: [dev]", "options: [dev, stage]", "environment stage"],
  ["npm run build", "npm run build $" + "{{ secrets.KEY }}", "a secret is used"],
])("%j as %j is found: %s", (before, after, problem) => {
  expect(good).toContain(before);

  expect(problemsOf(good.replace(before, after))).toEqual([expect.stringContaining(problem)]);
});

test("a file that is no workflow is named", () => {
  expect(() => parseWorkflow("broken.yml", "jobs: [")).toThrow("broken.yml");
});
