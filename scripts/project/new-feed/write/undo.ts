import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files of a checkout of which either all are written, or none. */
export class UndoableFiles {
  readonly #root: string;
  /** The old content; undefined: none. */
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

  /** Keeps the old content, before another program writes the file. */
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

/** An empty folder that was created for the file. */
function removeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}
