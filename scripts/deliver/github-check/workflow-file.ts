import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

const permissionsSchema = z.union([z.string(), z.record(z.string(), z.string())]);
const stepSchema = z.object({
  if: z.unknown().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const workflowSchema = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: permissionsSchema.optional(),
  concurrency: z.unknown().optional(),
  defaults: z.object({ run: z.object({ shell: z.string().optional() }).optional() }).optional(),
  jobs: z.record(
    z.string(),
    z.object({
      permissions: permissionsSchema.optional(),
      if: z.unknown().optional(),
      environment: z.unknown().optional(),
      "timeout-minutes": z.number().optional(),
      steps: z.array(stepSchema).default([]),
    }),
  ),
});

/** A workflow of GitHub Actions, as far as it is checked here; `text` includes what the YAML parser drops. */
export interface WorkflowFile {
  /** Name of its file. */
  readonly file: string;
  readonly text: string;
  readonly workflow: z.output<typeof workflowSchema>;
}

/** @throws MillraceError if a file is not a workflow */
export function parseWorkflow(file: string, text: string): WorkflowFile {
  try {
    return { file, text, workflow: workflowSchema.parse(parse(text)) };
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError("A workflow cannot be read", { got, where: { source: file }, cause });
  }
}

/** What a run that a person starts may be given under a name; undefined if there is no such input. */
export function inputOf({ workflow }: WorkflowFile, name: string): object | undefined {
  const input = ["workflow_dispatch", "inputs", name].reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    workflow.on,
  );
  return typeof input === "object" && input !== null ? input : undefined;
}

export function readWorkflows(folder: string): readonly WorkflowFile[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => parseWorkflow(name, readFileSync(join(folder, name), "utf8")));
}
