import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { synthesize } from "./support/synthesize";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

const { "state-backend": stack } = synthesize();
const folder = join(__dirname, "../../.github/workflows");
/** Every session of every workflow: whose role, for how long, in how long a job. */
const sessions = readdirSync(folder).flatMap((file) => {
  const { jobs } = parse(readFileSync(join(folder, file), "utf8")) as { readonly jobs: Readonly<Record<string, Job>> };
  return Object.entries(jobs).flatMap(([name, { steps = [], ...job }]) =>
    steps
      .filter(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"))
      .map((step) => ({
        job: `${file} ${name}`,
        role: steps.map(({ run }) => /aws-access\.ts (\w+)/.exec(run ?? "")?.[1]).find((role) => role !== undefined),
        seconds: step.with?.["role-duration-seconds"],
        jobSeconds: Number(job["timeout-minutes"]) * 60,
      })),
  );
});

describe("sessions of the delivery's roles", () => {
  test("are taken by every kind of job", () => {
    expect(new Set(sessions.map(({ role }) => role))).toEqual(new Set(["plan", "deploy", "destroy"]));
  });

  test.each(sessions)("last as long as the job $job, and AWS grants them so long", ({ role, seconds, jobSeconds }) => {
    const [longest, ...others] = stack.named("aws_iam_role", `delivery_${role}_role`);

    expect(others).toEqual([]);
    expect(seconds).toBe(jobSeconds);
    expect(longest?.arguments.max_session_duration).toBeGreaterThanOrEqual(jobSeconds);
  });
});
