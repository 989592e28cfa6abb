import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";

/** Terraform's reference to a value, `aws_iam_role.fresh.arn`. */
const reference = (name: string) => `\${${name}}`;

/** Of a service, which is to take the role. */
const trust = (...services: readonly string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: services.map((name) => `${name}.amazonaws.com`) },
      },
    ],
  });

const REFUSED = {
  aws_s3_bucket: { taken: { bucket: "taken" } },
  aws_kms_alias: { late: { name: "alias/late", target_key_id: reference("aws_kms_key.key.key_id") } },
};

const RESOURCES = {
  aws_iam_role: { fresh: { name: "fresh", assume_role_policy: trust("lambda", "states", "scheduler") } },
  aws_lambda_function: {
    work: {
      function_name: "work",
      role: reference("aws_iam_role.fresh.arn"),
      runtime: "nodejs22.x",
      handler: "index.handler",
      filename: "code.zip",
      reserved_concurrent_executions: reference("var.reserved"),
    },
  },
  aws_sfn_state_machine: {
    machine: {
      name: "machine",
      role_arn: reference("aws_iam_role.fresh.arn"),
      definition: JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } }),
    },
  },
  aws_scheduler_schedule: {
    daily: {
      name: "daily",
      schedule_expression: "rate(1 day)",
      flexible_time_window: { mode: "OFF" },
      target: { arn: "arn:aws:sqs:eu-central-1:123456789012:jobs", role_arn: reference("aws_iam_role.fresh.arn") },
    },
  },
  aws_sqs_queue: { jobs: { name: "jobs" } },
  aws_kms_key: { key: { description: "to be deleted" } },
};

/** A small stack of what AWS may refuse for a while; with `refused`, of what it refuses for good, too. */
export function writeRefusedStack(folder: string, { refused = false } = {}): void {
  writeFileSync(join(folder, "code.zip"), zipSync({ "index.js": new Uint8Array() }));
  const stack = {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
    provider: { aws: { skip_credentials_validation: true, s3_use_path_style: true } },
    variable: { reserved: { default: -1, type: "number" } },
    resource: refused ? { ...RESOURCES, ...REFUSED } : RESOURCES,
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(stack));
}
