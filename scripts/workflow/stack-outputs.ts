import * as z from "zod";
import { inlineCode } from "../plan-review/escape-markdown";
import type { Terraform } from "../terraform/terraform";

const stateSchema = z.object({
  values: z
    .object({
      outputs: z.record(z.string(), z.object({ sensitive: z.boolean(), value: z.unknown().optional() })).default({}),
    })
    .prefault({}),
});

/** The outputs of a deployed stack that are no secret, as Markdown; those that only other stacks read are sensitive. */
export async function describeOutputs(stack: string, terraform: Terraform): Promise<string> {
  const { outputs } = stateSchema.parse(await terraform.show()).values;
  const rows = Object.entries(outputs)
    .filter(([, { sensitive }]) => !sensitive)
    .map(([name, { value }]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return `| ${stack} | ${inlineCode(name)} | ${inlineCode(text ?? "")} |`;
    });
  return rows.length === 0 ? "" : `\n| stack | output | value |\n|---|---|---|\n${rows.join("\n")}\n`;
}
