import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files of a checkout that are written all or not at all. */
export class UndoableFiles {
  readonly #root: string;
  /** What was there; undefined: nothing. */
  readonly #before = new Map<string, Buffer | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  write(path: string, content: string | Buffer): void {
    this.willChange(path);
    const file = join(this.#root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Keeps what there is, before somebody else writes it. */
  willChange(path: string): void {
    const file = join(this.#root, path);
    if (!this.#before.has(path)) this.#before.set(path, existsSync(file) ? readFileSync(file) : undefined);
  }

  undo(): void {
    for (const [path, content] of this.#before) {
      const file = join(this.#root, path);
      if (content !== undefined) writeFileSync(file, content);
      else {
        rmSync(file, { force: true });
        removeEmpty(dirname(file));
      }
    }
  }
}

/** A folder that nothing is in, which the file was written with. */
function removeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}
