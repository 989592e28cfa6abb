import { join } from "node:path";
import type { Cloud } from "../../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../../scripts/cloud/deployment";
import type { RoleKind } from "../../../../../scripts/deliver/github-check/repository-variables";
import { runProjectScript } from "../../../processes/run-script";
import { githubTokens, runScript } from "../../cloud";
import { keepProvider } from "../../provider/kept-provider";
import { WorkflowRoles } from "../../roles/workflow-roles";

export type Inventory = Awaited<ReturnType<Cloud["inventory"]>>;

interface Bootstrapped {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  /** For what the scripts write. */
  readonly folder: string;
  /** What exists after the bootstrap. */
  readonly bootstrapped: Inventory;
}

export type WorkflowWorld = ReturnType<typeof workflowWorld>;

/** The scripts behind the workflows, each with the role of its job. */
export function workflowWorld(given: Bootstrapped) {
  const { cloud, deployment, folder } = given;
  const roles = new WorkflowRoles(cloud, deployment, githubTokens);

  async function keptFor(kind: RoleKind): Promise<Deployment> {
    return keepProvider(await roles.take(kind), kind);
  }

  async function plan(name: string, ...args: readonly string[]): Promise<readonly string[]> {
    const planner = await keptFor("plan");
    const { stdout } = await runScript(planner, "deliver/workflow/plan-stacks", ["--out", join(folder, name), ...args]);
    return stdout.split("\n");
  }

  function script(name: string, ...args: readonly string[]) {
    return runProjectScript(name, args, { ...deployment.env, ENVIRONMENT: "dev", CONFIRM: "destroy-prod" });
  }

  return { ...given, keptFor, plan, script };
}
