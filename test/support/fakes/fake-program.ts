import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * Stands in for a program that a script finds on the PATH, such as `gh`: writes down how it was called, and answers
 * what a shell script says.
 */
export class FakeProgram {
  /** The environment in which it is found first. */
  readonly env: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(join(tmpdir(), "millrace-fake-"));

  /** @param answer the body of a bash script that is given the arguments */
  constructor(name: string, answer: string) {
    const bin = join(this.#folder, "bin");
    mkdirSync(bin);
    const calls = `printf '%s\\n' "$*" >> '${this.#file("calls")}'`;
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${calls}\n${answer}\n`);
    chmodSync(join(bin, name), 0o755);
    this.env = { PATH: `${bin}${delimiter}${process.env.PATH}`, FAKE_FOLDER: this.#folder };
  }

  /** The arguments of each call since the last time, between spaces. */
  takeCalls(): readonly string[] {
    const file = this.#file("calls");
    const calls = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
    rmSync(file, { force: true });
    return calls;
  }

  /** A file that the answer wrote to $FAKE_FOLDER. */
  read(name: string): string {
    return readFileSync(this.#file(name), "utf8");
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }
}
