import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../../config/schema";
import { MillraceError } from "../../../etl/core/errors";
import { judgePlans } from "../plan-guard/judge-plans";
import { reviewStack } from "../plan-review/review-stack";
import { readStackPlan, type StackPlan } from "../plan-review/stack-plan";
import { runCdktf } from "../terraform/cdktf";
import type { TerraformSettings } from "../terraform/synthesize-stack";
import { Terraform } from "../terraform/terraform";
import { explainTerraform } from "../terraform/terraform-errors";
import { StackPlanner } from "../workflow/plans/stack-planner";
import { keepHalfMade, untaintCommand } from "./half-made";
import { describeLocks } from "./held-lock";

export interface StackDeploymentProps {
  readonly config: Config;
  readonly settings: TerraformSettings;
  /** In order of dependency. */
  readonly stacks: readonly string[];
  /** Labels and addresses that allow the loss of stateful resources, as for plan-guard. */
  readonly permissions: Parameters<typeof judgePlans>[1];
  /** Shows plans to the user who decides. */
  readonly show: (plans: readonly StackPlan[]) => void;
  /** Whether the shown plan is to be deployed. */
  readonly agree: (question: string) => Promise<boolean>;
  readonly say: (text: string) => void;
}

/** Plans stacks, shows the plans, asks, and deploys exactly these stacks, dependencies first. */
export class StackDeployment {
  readonly #props: StackDeploymentProps;
  readonly #planner: StackPlanner;
  /** The stack being deployed. */
  #plans: readonly StackPlan[] = [];

  private constructor(props: StackDeploymentProps, planner: StackPlanner) {
    this.#props = props;
    this.#planner = planner;
  }

  /** Synthesizes, and connects each stack to its state. @throws MillraceError if that is another environment's */
  static async prepare(props: StackDeploymentProps): Promise<StackDeployment> {
    const settings = { ...props.settings, onLine: undefined };
    return new StackDeployment(props, await StackPlanner.prepare(settings, props.config));
  }

  /** The stacks of this deployment, each connected to its state. */
  get stacks(): ReadonlyMap<string, Terraform> {
    const { stacks } = this.#props;
    return new Map([...this.#planner.stacks].filter(([stack]) => stacks.includes(stack)));
  }

  /** The same for a program that this deployment's interruption no longer reaches. */
  get #stacksAfterwards(): ReadonlyMap<string, Terraform> {
    const { env } = this.#props.settings;
    return new Map([...this.stacks].map(([stack, { folder }]) => [stack, new Terraform(folder, { env })]));
  }

  /**
   * After an interruption: keeps half-created resources for the next deployment. @returns notes on them and on locks
   */
  async settle(): Promise<string> {
    return [await describeLocks(this.#stacksAfterwards), ...(await this.#keepHalfMade())].join("\n");
  }

  async #keepHalfMade(): Promise<readonly string[]> {
    const stacks = this.#stacksAfterwards;
    const said: string[] = [];
    for (const plan of this.#plans) {
      const terraform = stacks.get(plan.stack);
      if (terraform !== undefined) said.push(...(await keepHalfMade(terraform, plan)));
    }
    return said;
  }

  async plan(): Promise<readonly StackPlan[]> {
    const { stacks, say, settings } = this.#props;
    const out = mkdtempSync(join(tmpdir(), "millrace-plans-"));
    try {
      const plans = (await this.#planner.plan({ out, only: stacks, say })).map(readStackPlan);
      settings.interrupt?.throwIfAborted();
      return plans;
    } finally {
      rmSync(out, { recursive: true });
    }
  }

  /** @throws MillraceError if data would be lost, or the answer is no */
  async decideAndDeploy(plans: readonly StackPlan[]): Promise<void> {
    const { stacks, show, agree, config, say } = this.#props;
    show(plans);
    this.#refuseLosses(plans);
    if (plans.every(changesNothing)) {
      say("nothing to deploy: AWS matches this commit");
      return;
    }
    if (!(await agree(`Deploy ${stacks.join(" and ")} to ${config.environment}?`))) {
      throw new MillraceError("Nothing was deployed: the answer was not yes");
    }
    await this.deploy(plans);
  }

  /** Deploys the shown plan. A waiting stack is planned, shown and confirmed once the other one is deployed. */
  async deploy(plans: readonly StackPlan[]): Promise<void> {
    this.#plans = plans;
    try {
      await this.#deployPlanned(plans);
    } catch (error) {
      const { interrupt } = this.#props.settings;
      // A resource that AWS refused, or was too slow for, may exist: the next deployment would replace it.
      if (interrupt?.aborted) throw error;
      for (const each of await this.#keepHalfMade()) this.#props.say(each);
      throw explainTerraform(
        error,
        "Not everything was deployed",
        "Created resources stay: run the same command again",
      );
    }
  }

  async #deployPlanned(plans: readonly StackPlan[]): Promise<void> {
    const { stacks, settings, say, show, agree } = this.#props;
    const waiting = [...new Set(plans.flatMap(({ waiting }) => waiting?.waits_for ?? []))];
    const absent = waiting.filter((stack) => !stacks.includes(stack));
    if (absent.length > 0) {
      throw new MillraceError(`A stack waits for ${absent.join(" and ")}: nothing was deployed`, {
        fix: `Deploy both: npm run deploy -- ${[...absent, ...stacks].join(" ")}`,
      });
    }
    if (waiting.length > 0) {
      say(`${waiting.join(" and ")} first: a stack waits for it`);
      await runCdktf("deploy", waiting, settings, this.#planner.synthesis);
      const rest = await this.plan();
      this.#plans = rest;
      show(rest);
      this.#refuseLosses(rest);
      if (!(await agree("Deploy the rest?"))) {
        throw new MillraceError(`Only ${waiting.join(" and ")} was deployed: the answer was not yes`);
      }
    }
    await runCdktf("deploy", stacks, settings, this.#planner.synthesis);
  }

  #refuseLosses(plans: readonly StackPlan[]): void {
    const { refused } = judgePlans(plans, this.#props.permissions);
    if (refused.length === 0) return;
    const lines = refused.map(({ stack, address, verb, loss }) => `\n  ${stack}: ${address} would be ${verb}: ${loss}`);
    const keeping = refused.flatMap(({ stack, address, halfMade }) => {
      const terraform = this.stacks.get(stack);
      return halfMade && terraform !== undefined ? [untaintCommand(terraform, address)] : [];
    });
    const allow = `If that is intended, name each: --allow ${refused.map(({ address }) => address).join(" --allow ")}`;
    throw new MillraceError(`Data would be lost:${lines.join("")}\nNothing of this plan was deployed`, {
      fix:
        keeping.length === 0
          ? allow
          : `An earlier deployment left it half-created. To keep it, so that the next one completes it: ${keeping.join(" && ")}. ${allow}`,
    });
  }
}

function changesNothing(plan: StackPlan): boolean {
  const { waiting, changes, outputs } = reviewStack(plan);
  return waiting === undefined && changes.length === 0 && outputs.length === 0;
}
