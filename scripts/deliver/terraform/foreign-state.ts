import * as z from "zod";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";
import type { Terraform } from "./terraform";

const tagsSchema = z.object({ Project: z.string(), Environment: z.string() });
const resourceSchema = z.object({
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  instances: z.array(z.object({ attributes: z.object({ tags_all: z.unknown() }).partial().nullish() })).default([]),
});
const stateSchema = z.object({ resources: z.array(resourceSchema).default([]) });

type Owner = Pick<Config, "project" | "environment">;

/** Connects a stack to the state of its backend. @throws MillraceError if that is another environment's */
export async function connectToState(terraform: Terraform, owner: Owner): Promise<void> {
  await terraform.reinitialise();
  refuseForeignState(await terraform.pullState(), owner, terraform.folder);
}

/**
 * Every resource of ours that can have tags names its project and environment in them. A plan of one environment on
 * another one's state would replace what is deployed there.
 *
 * @param state printed by `terraform state pull`; undefined if there is no state yet
 * @param folder of the stack, for the message
 */
export function refuseForeignState(state: unknown, { project, environment }: Owner, folder: string): void {
  if (state === undefined) return;
  for (const { mode, type, name, instances } of stateSchema.parse(state).resources) {
    for (const { attributes } of mode === "managed" ? instances : []) {
      const tags = tagsSchema.safeParse(attributes?.tags_all).data;
      if (tags === undefined || (tags.Project === project && tags.Environment === environment)) continue;
      throw new MillraceError("The state holds resources of another environment: nothing was planned", {
        got: `${type}.${name} of ${tags.Project} ${tags.Environment}`,
        expected: `only resources of ${project} ${environment}`,
        where: { source: folder },
        fix: "docs/state.md, Two environments in one checkout, says how this happens, and how to fix it",
      });
    }
  }
}
