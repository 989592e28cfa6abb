import { type Overrides, override } from "../../../config/overrides";
import { prod } from "../../../config/prod";
import type { StateMachineDefinition } from "../../../modules/workflow/states";
import { someBackend, synthesize } from "./synthesize";
import type { Template } from "./template";

export const moved = { resourceName: "import", engine: "distributed-map", source: { prefix: "import/" } };
/** Synthesizes prod with the feed `sales`, so deployed. */
export const synth = (settings: object = {}, overrides: Overrides = {}) =>
  synthesize({
    environment: prod,
    backend: someBackend,
    overrides: override(overrides, { feeds: { sales: { ...moved, ...settings } } }),
  });

export function functionOf(template: Template, step: string) {
  const [fn, ...others] = template.named("aws_lambda_function", `import_${step}_`);
  if (fn === undefined || others.length > 0) throw new Error(`expected one function of ${step}`);
  return fn.arguments;
}

export function definitionOf(template: Template): StateMachineDefinition {
  const [machine] = template.named("aws_sfn_state_machine", "import_machine");
  return JSON.parse(String(machine?.arguments.definition));
}

/** Allowed actions on named resources, each with the resource's end. */
export function allowed(template: Template, role: string, service: string, feed = "import"): string[] {
  const [policy] = template.policies().filter(({ place }) => place.startsWith(`aws_iam_role_policy.${feed}_${role}_`));
  return (policy?.statements ?? [])
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ actions, resources }) => actions.flatMap((action) => resources.map((at) => `${action} ${shorten(at)}`)))
    .filter((line) => line.startsWith(service))
    .sort();
}

export function shorten(resource: string): string {
  return resource
    .replace(/\$\{data\.aws_partition[^}]*\}/, "aws")
    .replace(/^arn:.*:(?=(execution|stateMachine):)/, "")
    .replace(/\$\{([\w.-]+?)(_[0-9A-F]{8})([^}]*)\}/, "$1");
}
