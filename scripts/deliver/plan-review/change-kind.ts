import { MillraceError } from "../../../etl/core/errors";
import type { ResourceChange } from "./plan";

/** What happens to a resource; `forget` keeps it and removes it from the state. */
export type ChangeKind = "create" | "update" | "replace" | "destroy" | "forget" | "read" | "unchanged";

const kinds: Readonly<Record<string, ChangeKind>> = {
  create: "create",
  update: "update",
  "delete,create": "replace",
  "create,delete": "replace",
  delete: "destroy",
  forget: "forget",
  // The old object stays, unmanaged by Terraform, and a new one is created.
  "create,forget": "replace",
  "forget,create": "replace",
  read: "read",
  "no-op": "unchanged",
};

/** @throws MillraceError for unknown actions: none is assumed to be harmless */
export function changeKind({ address, change }: Pick<ResourceChange, "address" | "change">): ChangeKind {
  const kind = kinds[change.actions.join(",")];
  if (kind !== undefined) return kind;
  throw new MillraceError(`The plan has an unknown action for ${address}`, {
    got: change.actions.join(", "),
    expected: Object.keys(kinds).join("; "),
    fix: "Add this version of Terraform to scripts/deliver/plan-review/change-kind.ts.",
  });
}

/** Whether the existing object will be deleted. */
export function removes(kind: ChangeKind): boolean {
  return kind === "destroy" || kind === "replace";
}
