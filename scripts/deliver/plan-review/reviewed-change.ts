import { type ChangeKind, changeKind, removes } from "./change-kind";
import { accessDifference } from "./differences/access-difference";
import { type AttributeDifference, attributeDifferences } from "./differences/attribute-difference";
import { policiesIn } from "./differences/policies-of";
import type { Secrets } from "./differences/secrets";
import { type VisibleChange, visibleChange } from "./differences/visible-change";
import { type KnownNoise, noiseOf } from "./known-noise";
import type { Plan, ResourceChange } from "./plan";
import { type ConstructPath, constructPath } from "./render/construct-path";
import { lossOf } from "./stateful";
import { isPending, PENDING, waitsForWindow } from "./window-changes";

/** A plan's change of one resource, as shown to a reviewer: without secrets. */
export interface ReviewedChange {
  readonly address: string;
  readonly type: string;
  readonly kind: ChangeKind;
  readonly construct: ConstructPath;
  readonly differences: readonly AttributeDifference[];
  /** Why it is removed: the attribute that forces a replacement, or Terraform's reason for a destruction. */
  readonly reasons: readonly string[];
  /** What is lost with it, if it is removed and stateful. */
  readonly loss?: string;
  /** Lines of a diff of permissions or network rules. */
  readonly access: readonly string[];
  /** The part of this update that waits for the database's maintenance window, if any, and when that is. */
  readonly waits?: string;
  /** Why this update has no effect, if it has none. */
  readonly noise?: string;
}

export function reviewChange(
  resource: ResourceChange,
  plan: Plan,
  secrets: Secrets,
  known: readonly KnownNoise[],
): ReviewedChange {
  const kind = changeKind(resource);
  const visible = visibleChange(resource.change, secrets);
  const differences = differencesOf(kind, visible);
  const access = accessDifference(resource, visible, plan, secrets);
  const { address, type, deposed } = resource;
  return {
    address: secrets.redact(deposed === undefined ? address : `${address} (deposed object ${deposed})`),
    type,
    kind,
    construct: constructPath(resource),
    differences,
    reasons: removes(kind) || kind === "forget" ? reasonsOf(resource, differences) : [],
    loss: lossOf(resource, plan),
    access,
    waits: kind === "update" ? waitsForWindow(resource, differences) : undefined,
    noise:
      kind === "update"
        ? explainNoise(type, differences, access, known, plan.pending_changes[address] ?? {})
        : undefined,
  };
}

function differencesOf(kind: ChangeKind, { before, after }: VisibleChange): readonly AttributeDifference[] {
  if (kind === "create") return attributeDifferences({ before: {}, after }).filter(({ computed }) => !computed);
  if (kind !== "update" && kind !== "replace") return [];
  const all = attributeDifferences({ before, after });
  // Terraform's merged copy of the tags repeats this.
  return all.filter(
    ({ path }) => !all.some((other) => other.path.replace(/^tags\./, "tags_all.") === path && other.path !== path),
  );
}

function reasonsOf({ change, action_reason }: ResourceChange, differences: readonly AttributeDifference[]) {
  const paths = change.replace_paths.map((path) => path.filter((part) => typeof part === "string").join("."));
  const forcing = [...new Set(paths)].flatMap((path) => {
    const below = differences.filter((other) => other.path === path || other.path.startsWith(`${path}.`));
    return below.length === 0 ? [path] : below.map(describeForcing);
  });
  return forcing.length > 0 ? forcing : [wordsOf(action_reason)];
}

function describeForcing({ path, before, after }: AttributeDifference): string {
  const [from, to] = [before, after].map((value) => short(JSON.stringify(value) ?? "nothing"));
  return `${path}: ${from} → ${to}`;
}

/** Characters of a value shown in a sentence; the whole value is among the values. */
const LONGEST = 120;

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

/** Terraform's `action_reason`, for example `delete_because_no_resource_config`. */
function wordsOf(reason: string | undefined): string {
  if (reason === undefined) return "asked for";
  if (reason === "delete_because_no_resource_config") return "no longer in the configuration";
  if (reason === "replace_because_tainted") return "tainted: an earlier apply left it half-created";
  if (reason === "replace_by_request") return "requested by -replace";
  return reason.replace(/^(delete|replace)_because_/, "").replaceAll("_", " ");
}

function explainNoise(
  type: string,
  differences: readonly AttributeDifference[],
  access: readonly string[],
  known: readonly KnownNoise[],
  pending: Readonly<Record<string, unknown>>,
): string | undefined {
  if (access.length > 0) return undefined;
  const reasons = differences.map((difference) => {
    if (policiesIn(difference.before).size > 0 && policiesIn(difference.after).size > 0)
      return "the policy means the same";
    if (isPending(difference, pending)) return PENDING;
    return noiseOf(type, difference, known)?.reason;
  });
  if (reasons.length === 0) return "no value differs";
  return reasons.every((reason) => reason !== undefined) ? [...new Set(reasons)].join("; ") : undefined;
}
