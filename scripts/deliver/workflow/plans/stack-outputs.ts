import * as z from "zod";
import { inlineCode } from "../../plan-review/render/escape-markdown";
import type { Terraform } from "../../terraform/terraform";

const stateSchema = z.object({
  values: z
    .object({
      outputs: z.record(z.string(), z.object({ sensitive: z.boolean(), value: z.unknown().optional() })).default({}),
    })
    .prefault({}),
});

/** The non-secret outputs of a deployed stack, by name; those that only other stacks read are sensitive. */
export async function readOutputs(terraform: Terraform): Promise<readonly (readonly [name: string, value: string])[]> {
  const { outputs } = stateSchema.parse(await terraform.show()).values;
  return Object.entries(outputs)
    .filter(([, { sensitive }]) => !sensitive)
    .map(([name, { value }]) => [name, typeof value === "string" ? value : (JSON.stringify(value) ?? "")] as const);
}

/** The same as Markdown. */
export async function describeOutputs(stack: string, terraform: Terraform): Promise<string> {
  const rows = (await readOutputs(terraform)).map(
    ([name, value]) => `| ${stack} | ${inlineCode(name)} | ${inlineCode(value)} |`,
  );
  return rows.length === 0 ? "" : `\n| stack | output | value |\n|---|---|---|\n${rows.join("\n")}\n`;
}
