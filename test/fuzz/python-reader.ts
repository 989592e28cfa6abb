import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { FuzzCase } from "./cases";
import type { Rows } from "./our-readers";

const READER = `
import csv, io, json, sys
for line in sys.stdin:
    case = json.loads(line)
    text = case["text"][1:] if case["text"].startswith("\\ufeff") else case["text"]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=case["delimiter"], strict=True))
        print(json.dumps([row for row in rows if row]), flush=True)
    except csv.Error:
        print("null", flush=True)
`;

/** Python's csv, which is not ours. */
export class PythonReader {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;

  constructor(python: string) {
    this.#process = spawn(python, ["-c", READER]);
    const lines = createInterface({ input: this.#process.stdout });
    this.#answers = lines[Symbol.asyncIterator]();
  }

  /** @returns the rows that are not blank; null where it is no CSV */
  async read({ text, delimiter }: FuzzCase): Promise<Rows | null> {
    this.#process.stdin.write(`${JSON.stringify({ text, delimiter })}\n`);
    const { value } = await this.#answers.next();
    return JSON.parse(value);
  }

  stop(): void {
    this.#process.kill();
  }
}
