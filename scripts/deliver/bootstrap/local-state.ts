import { existsSync, readFileSync, rmSync } from "node:fs";
import { type StateHead, stateHeadSchema } from "../terraform/state-head";

/** A state that is kept in a file, as long as it has no bucket. */
export class LocalState {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined when there is no such file, or Terraform has moved what was in it. */
  read(): StateHead | undefined {
    if (!existsSync(this.#file)) return undefined;
    const text = readFileSync(this.#file, "utf8");
    return text.trim() === "" ? undefined : stateHeadSchema.parse(JSON.parse(text));
  }

  /** With the copy that Terraform keeps of the state before. */
  remove(): void {
    for (const file of [this.#file, `${this.#file}.backup`]) rmSync(file, { force: true });
  }
}
