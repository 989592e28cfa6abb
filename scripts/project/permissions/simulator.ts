import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { Document, RecordedDecision } from "./recording";

const script = resolve(__dirname, "../../../emulator/node/simulate.mjs");

const answerSchema = z.object({
  id: z.number(),
  decision: z.enum(["Allowed", "ImplicitlyDenied", "ExplicitlyDenied", "Unknown"]),
  reason: z.string(),
  grants: z.array(z.object({ policy: z.string(), statement: z.number() })).default([]),
});

/** IAM's decision, and the statements of the principal's own policies that allow it. */
export type Answer = Readonly<z.output<typeof answerSchema>>;

/** A recorded call, to be decided by these policies of its principal. */
export interface Question
  extends Pick<RecordedDecision, "action" | "resource" | "context" | "resourcePolicy" | "endpoint"> {
  readonly principal: string;
  readonly identity: Readonly<Record<string, Document>>;
  readonly boundary: Document | null;
}

/** The emulator's simulator of IAM, in a separate process. */
export class Simulator {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { found: (answer: Answer) => void; failed: (error: Error) => void }>();
  readonly #names = new Map<string, string>();
  /** Suites repeat many questions of others. */
  readonly #answers = new Map<string, Promise<Answer>>();
  #asked = 0;

  /** @param modules a folder whose node_modules has the simulator */
  constructor(modules: string) {
    this.#process = spawn(process.execPath, [script, modules], { stdio: ["pipe", "pipe", "inherit"] });
    const output = this.#process.stdout;
    if (output === null) throw new Error("the simulator has no standard output");
    createInterface({ input: output }).on("line", (line) => {
      const answer = answerSchema.parse(JSON.parse(line));
      this.#waiting.get(answer.id)?.found(answer);
      this.#waiting.delete(answer.id);
    });
    this.#process.on("exit", (code) => {
      for (const { failed } of this.#waiting.values()) failed(new Error(`the simulator ended with exit code ${code}`));
    });
  }

  async decide({ identity, boundary, resourcePolicy, endpoint, ...question }: Question): Promise<Answer> {
    const documents: Record<string, Document> = {};
    const name = (document: Document) => this.#name(document, documents);
    const nameAll = (all: Readonly<Record<string, Document>>) =>
      Object.fromEntries(Object.entries(all).map(([key, document]) => [key, name(document)]));
    const line = {
      ...{ ...question, account: accountOf(question.resource, question.principal), explain: true },
      identity: nameAll(identity),
      ...(boundary !== null && { boundary: name(boundary) }),
      ...(resourcePolicy && { resourcePolicy: name(resourcePolicy) }),
      ...(endpoint && { endpoint: nameAll(endpoint) }),
    };
    const key = JSON.stringify(line);
    const answer = this.#answers.get(key) ?? this.#ask({ ...line, documents });
    this.#answers.set(key, answer);
    return answer;
  }

  #ask(line: object): Promise<Answer> {
    const id = this.#asked++;
    const answer = new Promise<Answer>((found, failed) => this.#waiting.set(id, { found, failed }));
    this.#process.stdin?.write(`${JSON.stringify({ id, ...line })}\n`);
    return answer;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.stdin?.end();
    await ended;
  }

  /** Each policy is sent once. */
  #name(document: Document, sent: Record<string, Document>): string {
    const text = JSON.stringify(document);
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = String(this.#names.size);
    this.#names.set(text, name);
    sent[name] = document;
    return name;
  }
}

/** A resource's account, or the caller's if its ARN names none. */
function accountOf(resource: string, principal: string): string {
  return [resource, principal].map((arn) => arn.split(":")[4]).find((part) => /^\d{12}$/.test(part ?? "")) ?? "";
}
