import * as z from "zod";
import { type ProgramOptions, type ProgramResult, runProgram } from "../../command-line/run-program";
import { type StateHead, stateHeadSchema } from "./state-head";

const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }));

/** Terraform in the folder of one synthesised stack. Needs `terraform` on the PATH. */
export class Terraform {
  /** The synthesised stack's folder. */
  readonly folder: string;
  readonly #options: ProgramOptions;

  constructor(folder: string, options: ProgramOptions) {
    this.folder = folder;
    this.#options = options;
  }

  /** Forgets the previous backend, and uses the stack's; state stays where it is. */
  async reinitialise(): Promise<void> {
    await this.run(["init", "-reconfigure"]);
  }

  /** Copies the state from the previous backend into the stack's current one. */
  async migrate(): Promise<void> {
    await this.run(["init", "-migrate-state", "-force-copy"]);
  }

  async apply(...args: readonly string[]): Promise<ProgramResult> {
    return this.run(["apply", "-auto-approve", ...args]);
  }

  async destroy(...args: readonly string[]): Promise<void> {
    await this.run(["destroy", "-auto-approve", ...args]);
  }

  /** Writes a plan; true if it has changes. */
  async plan(file: string, ...args: readonly string[]): Promise<boolean> {
    const { code } = await this.run(["plan", "-detailed-exitcode", `-out=${file}`, ...args], [0, 2]);
    return code === 2;
  }

  /** A plan file, or without one the state, as Terraform's JSON. */
  async show(file?: string): Promise<unknown> {
    const { stdout } = await this.#quietly(["show", "-json", ...(file === undefined ? [] : [file])]);
    return JSON.parse(stdout);
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await this.#quietly(["output", "-json"]);
    const outputs = outputsSchema.parse(JSON.parse(stdout));
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** The state of the backend in use; undefined when there is none. */
  async state(): Promise<StateHead | undefined> {
    const state = await this.pullState();
    return state === undefined ? undefined : stateHeadSchema.parse(state);
  }

  /** The whole state, as Terraform keeps it. */
  async pullState(): Promise<unknown> {
    const { stdout } = await this.#quietly(["state", "pull"]);
    return stdout.trim() === "" ? undefined : JSON.parse(stdout);
  }

  async run(args: readonly string[], accept?: readonly number[]): Promise<ProgramResult> {
    const [command = "", ...rest] = args;
    return runProgram("terraform", [command, ...rest, "-no-color"], {
      ...this.#options,
      accept,
      cwd: this.folder,
    });
  }

  async #quietly(args: readonly string[]): Promise<ProgramResult> {
    return runProgram("terraform", args, { ...this.#options, onLine: undefined, cwd: this.folder });
  }
}
