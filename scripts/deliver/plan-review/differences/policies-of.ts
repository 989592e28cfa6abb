import type { Plan, ResourceChange } from "../plan";
import { type PolicyStatement, readDocumentSource, readPolicy } from "./policy-statement";
import { isParent, memberOf, parseJson, type Secrets } from "./secrets";
import { UNKNOWN, type VisibleChange, visibleChange } from "./visible-change";

export type Policies = ReadonlyMap<string, readonly PolicyStatement[]>;

/** The policies in a resource's values, for any type, by the path of the attribute with the JSON. */
export function policiesIn(value: unknown, path = ""): Policies {
  if (typeof value === "string") {
    const policy = readPolicy(parseJson(value));
    return new Map(policy === undefined ? [] : [[path, policy]]);
  }
  if (!isParent(value)) return new Map();
  const inner = ([name, member]: [string, unknown]) => [...policiesIn(member, path === "" ? name : `${path}.${name}`)];
  return new Map(Object.entries(value).flatMap(inner));
}

/**
 * Policies known only after the apply, as far as the plan has them: in an `aws_iam_policy_document`, mostly an ARN is
 * unknown, and the actions are in the plan.
 */
export function policiesToCome(
  { address, index }: ResourceChange,
  { after }: VisibleChange,
  plan: Plan,
  secrets: Secrets,
): Policies {
  const configured =
    index === undefined ? address : address.slice(0, address.lastIndexOf(`[${JSON.stringify(index)}]`));
  const resource = plan.configuration.root_module.resources.find((other) => other.address === configured);
  const found = new Map<string, readonly PolicyStatement[]>();
  for (const [attribute, expression] of Object.entries(isParent(resource?.expressions) ? resource.expressions : {})) {
    if (memberOf(after, attribute) !== UNKNOWN) continue;
    const references = memberOf(expression, "references");
    const document = plan.resource_changes.find(
      (other) =>
        other.type === "aws_iam_policy_document" && Array.isArray(references) && references.includes(other.address),
    );
    const statements = document && readDocumentSource(visibleChange(document.change, secrets).after);
    if (statements !== undefined) found.set(attribute, statements);
  }
  return found;
}
