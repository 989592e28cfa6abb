import { MillraceError } from "../../../etl/core/errors";
import type { ResourceChange } from "./plan";

/** What happens to a resource; `forget` leaves it alone and takes it out of the state. */
export type ChangeKind = "create" | "update" | "replace" | "destroy" | "forget" | "read" | "unchanged";

const kinds: Readonly<Record<string, ChangeKind>> = {
  create: "create",
  update: "update",
  "delete,create": "replace",
  "create,delete": "replace",
  delete: "destroy",
  forget: "forget",
  // The old object stays, outside Terraform's sight, and a new one is made.
  "create,forget": "replace",
  "forget,create": "replace",
  read: "read",
  "no-op": "unchanged",
};

/** @throws MillraceError for actions that this Terraform did not know: nothing is taken for harmless */
export function changeKind({ address, change }: Pick<ResourceChange, "address" | "change">): ChangeKind {
  const kind = kinds[change.actions.join(",")];
  if (kind !== undefined) return kind;
  throw new MillraceError(`The plan does something unknown to ${address}`, {
    got: change.actions.join(", "),
    expected: Object.keys(kinds).join("; "),
    fix: "Teach scripts/deliver/plan-review/change-kind.ts this version of Terraform.",
  });
}

/** Whether what is there now will be gone. */
export function removes(kind: ChangeKind): boolean {
  return kind === "destroy" || kind === "replace";
}
