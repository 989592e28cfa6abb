import { checkRights } from "./check-rights";
import { inputOf, type WorkflowFile } from "./workflow-file";

/** Facts about the checkout that the rules need. */
export interface Checkout {
  readonly hasFile: (path: string) => boolean;
  readonly hasNpmScript: (name: string) => boolean;
  readonly hasEnvironment: (name: string) => boolean;
}

/** A longer `run:` step must be a script, which can be run by hand. */
const MOST_LINES = 3;

/** Violations of this project's rules in workflow files, which actionlint and zizmor do not check; one line each. */
export function checkWorkflows(files: readonly WorkflowFile[], checkout: Checkout): readonly string[] {
  return files.flatMap((file) =>
    [...checkFile(file), ...checkJobs(file), ...checkRights(file), ...checkNames(file, checkout)].map(
      (problem) => `${file.file}: ${problem}`,
    ),
  );
}

function checkFile({ text, workflow }: WorkflowFile): readonly string[] {
  const unpinned = [...text.matchAll(/^\s*-?\s*uses:\s*(\S.*)$/gm)]
    .map(([, action = ""]) => action)
    .filter((action) => !/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action));
  return [
    ...unpinned.map((action) => `${action} is not pinned by SHA with its version as comment`),
    ...("pull_request_target" in workflow.on
      ? ["pull_request_target gives a fork's code this repository's rights"]
      : []),
    ...(/\bsecrets\s*[.[]/.test(text)
      ? ["a secret is used: roles are assumed through OpenID Connect, without secrets"]
      : []),
    ...(isNone(workflow.permissions) ? [] : ["`permissions: {}` is missing: each job must request what it needs"]),
    ...(workflow.concurrency === undefined ? ["concurrency is missing"] : []),
    // Only with this line does GitHub set pipefail.
    ...(pipes(workflow) && workflow.defaults?.run?.shell !== "bash"
      ? ["a step goes on if what is before its | fails: defaults.run.shell: bash is missing"]
      : []),
  ];
}

function pipes({ jobs }: WorkflowFile["workflow"]): boolean {
  return Object.values(jobs).some(({ steps }) => steps.some(({ run = "" }) => / \| /.test(run)));
}

function isNone(permissions: string | Readonly<Record<string, string>> | undefined): boolean {
  return typeof permissions === "object" && Object.keys(permissions).length === 0;
}

function checkJobs({ workflow }: WorkflowFile): readonly string[] {
  return Object.entries(workflow.jobs).flatMap(([name, job]) => [
    ...(job.permissions === undefined ? [`job ${name} has no permissions of its own`] : []),
    ...(job["timeout-minutes"] === undefined ? [`job ${name} has no time-out`] : []),
    ...job.steps.flatMap(({ uses = "", run = "", with: inputs }) => [
      ...(uses.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false
        ? [`job ${name} leaves the checkout's credentials behind`]
        : []),
      ...(run.trim().split("\n").length > MOST_LINES
        ? [`job ${name} has a step of more than ${MOST_LINES} lines: make it a script`]
        : []),
    ]),
  ]);
}

/** Names whose errors would show only when the workflow runs. */
function checkNames(file: WorkflowFile, checkout: Checkout): readonly string[] {
  const { text } = file;
  const scripts = [...text.matchAll(/\bscripts\/[\w/-]+\.(?:ts|sh)\b/g)].map(([path]) => path);
  const commands = [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name = ""]) => name);
  return [
    ...scripts.filter((path) => !checkout.hasFile(path)).map((path) => `${path} does not exist`),
    ...commands.filter((name) => !checkout.hasNpmScript(name)).map((name) => `npm run ${name} does not exist`),
    ...environmentChoices(file)
      .filter((name) => !checkout.hasEnvironment(name))
      .map((name) => `the environment ${name} has no file in config/`),
  ];
}

function environmentChoices(file: WorkflowFile): readonly string[] {
  const options: unknown = Reflect.get(inputOf(file, "environment") ?? {}, "options");
  return Array.isArray(options) ? options.map(String) : [];
}
