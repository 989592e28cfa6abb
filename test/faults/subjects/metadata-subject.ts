import { existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type StartOptions, startEtl } from "../../support/processes/run-etl";
import type { Fault, Subject } from "../fault";
import { judgeOutput } from "../judge";
import { endOf, type FaultStage } from "../stage";

/** Their lines are more than a pipe holds. */
const FILES = 1_500;

/** `metadata`: a line for each file, and no ledger; what can break is what it prints. */
export class MetadataSubject implements Subject {
  readonly name = "metadata";
  readonly phases: Subject["phases"] = {
    printing: ["kill", "SIGINT", "SIGTERM", "cut", "silence"],
    "printing to a full disk": existsSync("/dev/full") ? ["disk"] : [],
  };
  readonly #folder: string;
  readonly #compiled: string;
  readonly #names = Array.from({ length: FILES }, (_, index) => `f${index}.csv`);

  constructor(stage: FaultStage) {
    this.#compiled = stage.compiled;
    this.#folder = join(stage.folder, "metadata");
    mkdirSync(this.#folder);
    for (const name of this.#names) writeFileSync(join(this.#folder, name), name);
  }

  async strike(_phase: string, fault: Fault): Promise<readonly string[]> {
    const command = this.#start(fault === "disk" ? { stdout: openSync("/dev/full", "w") } : {});
    if (fault !== "disk") {
      command.stdout?.pause();
      while ((command.stdout?.readableLength ?? 1) === 0) await sleep(2);
      if (fault === "cut") command.stdout?.destroy();
      else if (fault === "silence") await sleep(1_000);
      else command.kill(fault === "kill" ? "SIGKILL" : fault);
      command.stdout?.resume();
    }
    const end = await endOf(command);
    const wrong = [...end.wrong, ...judgeOutput(end)];
    const lines = end.stdout.split("\n").slice(0, -1);
    if (lines.some((line, index) => !line.includes(`/f${index}.csv"`))) wrong.push("other lines than files");
    if (fault === "silence" && (end.code !== 0 || lines.length !== FILES))
      wrong.push(`${lines.length} lines, then ${end.code}`);
    if (fault === "disk" && end.code === 0) wrong.push("it ended with 0, and nothing could be printed");
    const next = await this.#start().end;
    return next.code === 0 && next.stdout.split("\n").length === FILES + 1 ? wrong : [...wrong, "the next one fails"];
  }

  #start(options?: StartOptions) {
    return startEtl(this.#folder, ["metadata", ...this.#names], {}, { ...options, compiled: this.#compiled });
  }
}
