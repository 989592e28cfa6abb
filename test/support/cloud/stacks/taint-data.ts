import { readFileSync, writeFileSync } from "node:fs";
import { isStateful } from "../../../../scripts/deliver/plan-review/stateful";

interface StoredState {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly instances: { status?: string }[];
  }[];
}

/** Marks all that holds data in a state's file as half made, as whatever an interruption cut off is. @returns how many there are */
export function taintData(file: string): number {
  const state = JSON.parse(readFileSync(file, "utf8")) as StoredState;
  const data = state.resources.filter(
    ({ mode, type, instances }) => mode === "managed" && isStateful(type) && instances.length > 0,
  );
  for (const { instances } of data) for (const instance of instances) instance.status = "tainted";
  writeFileSync(file, JSON.stringify(state));
  return data.length;
}
