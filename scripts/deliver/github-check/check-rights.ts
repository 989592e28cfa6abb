import { inputOf, type WorkflowFile } from "./workflow-file";

type Job = WorkflowFile["workflow"]["jobs"][string];

/** What jobs may write: a role's token, comments on a pull request, the issue about a drift, the next deployment. */
const WRITABLE = ["id-token", "pull-requests", "issues", "actions"];

const OWN_BRANCHES = "github.event.pull_request.head.repo.full_name == github.repository";

/** Jobs with more rights than they need, or that use them without a required earlier step; one line each. */
export function checkRights(file: WorkflowFile): readonly string[] {
  const { workflow } = file;
  const fromForks = "pull_request" in workflow.on;
  return Object.entries(workflow.jobs).flatMap(([name, job]) =>
    [
      ...checkPermissions(job),
      ...checkRoles(job),
      ...checkRehearsal(job, inputOf(file, "rehearse")),
      ...checkPlans(job),
      ...(fromForks && mayTakeRoles(job) && !String(job.if).includes(OWN_BRANCHES)
        ? [`assumes a role for pull requests of forks: if: \${{ ${OWN_BRANCHES} }} is missing`]
        : []),
      // A data plan refuses too much itself.
      ...(fromForks && mayTakeRoles(job) && !runs(job, runs(job, PLANS) ? GUARDS : GUARDS_DATA)
        ? ["plans a pull request without plan-guard"]
        : []),
    ].map((problem) => `job ${name} ${problem}`),
  );
}

const PLANS = /plan-stacks\.ts/;
const GUARDS = /\bplan-guard\b/;
const GUARDS_DATA = /\bnpm run (--silent )?(plan-guard|data-plan)\b/;

function checkPermissions(job: Job): readonly string[] {
  const { permissions = {} } = job;
  if (typeof permissions === "string") return [`has ${permissions}: it must name what it needs`];
  const written = Object.entries(permissions).filter(([, right]) => right === "write");
  return [
    ...written
      .map(([what]) => what)
      .filter((what) => !WRITABLE.includes(what))
      .map((what) => `may write ${what}`),
    // Comments are written with a right that the pull request's code must not get.
    ...(permissions["pull-requests"] === "write" && (mayTakeRoles(job) || job.steps.some(isCheckout))
      ? ["writes comments: it may neither check out code nor assume a role"]
      : []),
  ];
}

/** A job that deploys or destroys has the environment that reviewers approve and the role's trust names. */
function checkRoles(job: Job): readonly string[] {
  const environment = String(job.environment ?? "");
  const destroys = runs(job, /aws-access\.ts destroy\b/);
  return [
    ...(runs(job, /aws-access\.ts deploy\b/) && environment === ""
      ? ["deploys without an environment: nobody approves it"]
      : []),
    ...(destroys && !environment.endsWith("-destroy") ? ["destroys without an environment that ends in -destroy"] : []),
    ...(destroys && !comesBefore(job, /prepare-destroy\.ts --confirm /, /npm run destroy -- --confirm /)
      ? ["destroys without passing the typed word to prepare-destroy.ts and to npm run destroy"]
      : []),
  ];
}

/** A job that destroys shows first that everything can come back, unless the person who starts it says otherwise. */
function checkRehearsal(job: Job, input: object | undefined): readonly string[] {
  if (!runs(job, /aws-access\.ts destroy\b/)) return [];
  const { if: condition } = job.steps.find(({ run = "" }) => REHEARSES.test(run)) ?? {};
  const asked = /^(\$\{\{ )?inputs\.rehearse( \}\})?$/.test(String(condition));
  const unasked = condition === undefined || (asked && Reflect.get(input ?? {}, "default") === true);
  return comesBefore(job, REHEARSES, /prepare-destroy\.ts\b/) && unasked ? [] : ["destroys without a rehearsal"];
}

const REHEARSES = /\bnpm run (--silent )?destroy -- --rehearse\b/;

/** The deployed plan is the reviewed one, and loses no data without permission. */
function checkPlans(job: Job): readonly string[] {
  if (!runs(job, DEPLOYS)) return [];
  return [
    ...(comesBefore(job, /plan-fingerprint\.ts --expect /, DEPLOYS)
      ? []
      : ["deploys a plan without comparing it with the reviewed one"]),
    ...(comesBefore(job, /\bplan-guard\b/, DEPLOYS) ? [] : ["deploys a plan that plan-guard has not checked"]),
  ];
}

const DEPLOYS = /\bnpm run (--silent )?deploy\b/;

function comesBefore(job: Job, first: RegExp, second: RegExp): boolean {
  const at = (pattern: RegExp) => job.steps.findIndex(({ run = "" }) => pattern.test(run));
  return at(first) !== -1 && at(first) < at(second);
}

function runs(job: Job, pattern: RegExp): boolean {
  return job.steps.some(({ run = "" }) => pattern.test(run));
}

function isCheckout({ uses = "" }: Job["steps"][number]): boolean {
  return uses.startsWith("actions/checkout@");
}

function mayTakeRoles({ permissions }: Job): boolean {
  return typeof permissions === "object" && permissions["id-token"] === "write";
}
