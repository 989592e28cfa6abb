import { execFileSync } from "node:child_process";
import { basename } from "node:path";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/**
 * Asks a program to end with one SIGINT: Terraform, if the program is or runs it, otherwise the program itself.
 *
 * cdktf 0.21 passes a SIGINT on and ends at once, which closes the terminal that it gave Terraform: Terraform dies in
 * the middle of its work, and its lock stays. If Terraform itself gets the signal, it finishes its current operations,
 * and cdktf waits and reports.
 */
export function interruptProgram(pid: number): void {
  const terraform = terraformBelow(pid, listProcesses());
  for (const target of terraform.length === 0 ? [pid] : terraform) sendInterrupt(target);
}

/** Every Terraform among a process and its descendants. */
export function terraformBelow(pid: number, processes: readonly Process[]): readonly number[] {
  const self = processes.filter((each) => each.pid === pid && each.name === "terraform").map((each) => each.pid);
  const below = processes.filter(({ parent }) => parent === pid);
  return [...self, ...below.flatMap((child) => terraformBelow(child.pid, processes))];
}

function listProcesses(): readonly Process[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [pid = "", parent = "", ...name] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), name: basename(name.join(" ")) };
  });
}

function sendInterrupt(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // It has ended meanwhile.
  }
}
