import { existsSync, readFileSync, rmSync } from "node:fs";
import { type StateHead, stateHeadSchema } from "../terraform/state-head";

/** A state kept in a file until it has a bucket. */
export class LocalState {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined if there is no such file, or Terraform has moved its content. */
  read(): StateHead | undefined {
    if (!existsSync(this.#file)) return undefined;
    const text = readFileSync(this.#file, "utf8");
    return text.trim() === "" ? undefined : stateHeadSchema.parse(JSON.parse(text));
  }

  /** With Terraform's copy of the previous state. */
  remove(): void {
    for (const file of [this.#file, `${this.#file}.backup`]) rmSync(file, { force: true });
  }
}
