import type { ResourceChange } from "../plan";

/** A resource's place in the stack's tree of constructs. */
export interface ConstructPath {
  /** The construct that it belongs to, for example `covid/load`; empty at the top of the stack. */
  readonly module: string;
  /** The whole path, for example `covid/load/role`. */
  readonly path: string;
}

/**
 * cdktf builds a name from the ids on the path to a construct, joined by `_`, and a hash of eight digits if there is
 * more than one. Ids here are kebab-case (docs/architecture.md), so the reverse is unambiguous.
 */
export function constructPath({
  module_address,
  name,
}: Pick<ResourceChange, "module_address" | "name">): ConstructPath {
  const ids = name.replace(/_[0-9A-F]{8}$/, "").split("_");
  const above = (module_address ?? "").split(".").filter((part) => part !== "" && part !== "module");
  const path = [...above, ...ids];
  return { module: path.slice(0, -1).join("/"), path: path.join("/") };
}
