import { readFileSync } from "node:fs";
import { MillraceError } from "../../etl/core/errors";

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The account that PostgreSQL runs as: this one, or `postgres` or `nobody` if this one is root, which it refuses. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entries = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const entry = ["postgres", "nobody"].map((name) => entries.find(([login]) => login === name)).find(Boolean);
  if (entry === undefined) {
    throw new MillraceError("PostgreSQL does not run as root", {
      expected: "an account postgres or nobody on this machine",
      fix: "Run this as an ordinary user",
    });
  }
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}
