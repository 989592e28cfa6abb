import { App, TerraformStack, Testing } from "cdktf";
import * as z from "zod";
import { overrideConfig } from "../../../config/load";
import type { Overrides } from "../../../config/overrides";
import type { ConfigInput } from "../../../config/schema";
import { addStacks } from "../../../stacks/app";
import { withoutTraces } from "../../../stacks/without-traces";

export interface SynthesisedResource {
  readonly type: string;
  readonly values: unknown;
}

const stackSchema = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

/** All resources of an environment's three stacks. */
export function synthesiseResources(environment: ConfigInput, overrides: Overrides): readonly SynthesisedResource[] {
  return withoutTraces(() => {
    const app = new App();
    addStacks(app, overrideConfig(environment, overrides));
    const stacks = app.node.children.filter((child) => child instanceof TerraformStack);
    // A consumer adds the outputs that it needs to its producer.
    for (const stack of stacks) stack.prepareStack();
    return stacks.flatMap((stack) => {
      const { resource } = stackSchema.parse(JSON.parse(Testing.synth(stack)));
      return Object.entries(resource).flatMap(([type, blocks]) =>
        Object.values(blocks).map((values) => ({ type, values })),
      );
    });
  });
}
