import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

const documentSchema = z.record(z.string(), z.unknown());
export type Document = Readonly<z.output<typeof documentSchema>>;

const roleSchema = z.object({
  role: z.string(),
  trust: documentSchema,
  identity: z.record(z.string(), documentSchema),
  boundary: documentSchema.nullable(),
});

const decisionSchema = z.object({
  principal: z.string(),
  session: z.string().nullish(),
  action: z.string(),
  resource: z.string(),
  context: z.record(z.string(), z.array(z.string())),
  resourcePolicy: documentSchema.nullish(),
  endpoint: z.record(z.string(), documentSchema).nullish(),
  decision: z.enum(["Allowed", "ImplicitlyDenied", "ExplicitlyDenied", "Unknown"]),
  reason: z.string(),
});

/** A role with its policies at one time of a suite. */
export type RecordedRole = Readonly<z.output<typeof roleSchema>>;

export interface RecordedDecision extends Readonly<z.output<typeof decisionSchema>> {
  /** The principal with the policies in force; undefined for services and the administrator. */
  readonly role?: RecordedRole;
}

/** The emulator's decisions during one suite. */
export interface Recording {
  readonly suite: string;
  /** Every state of a role's policies. */
  readonly roles: readonly RecordedRole[];
  readonly decisions: readonly RecordedDecision[];
}

/** Whether a call is a test's attack: its sessions have such a name. No role needs the attempted calls. */
export function isAttack({ session }: Pick<RecordedDecision, "session">): boolean {
  return /^attack-/.test(session ?? "");
}

/** The recordings below a folder: one `<suite>.jsonl` per suite, written by the emulator (permissions/record.py). */
export function readRecordings(folder: string): readonly Recording[] {
  return listFiles(folder).map((file) =>
    parseRecording(basename(file, ".jsonl"), readFileSync(join(folder, file), "utf8")),
  );
}

/** @throws MillraceError for a line that is neither a role nor a decision, or whose role is not known */
export function parseRecording(suite: string, text: string): Recording {
  const roles: RecordedRole[] = [];
  const current = new Map<string, RecordedRole>();
  const decisions: RecordedDecision[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const value: unknown = JSON.parse(line);
    const role = roleSchema.safeParse(value);
    if (role.success) {
      // A role of the attacks themselves, which is in no stack.
      if (/:role\/attack-/.test(role.data.role)) continue;
      const own = { ...role.data, identity: withoutAttacks(role.data.identity) };
      roles.push(own);
      current.set(own.role, own);
      continue;
    }
    const decision = decisionSchema.safeParse(value);
    if (!decision.success) {
      throw new MillraceError(`Line ${index + 1} of ${suite}'s recording is neither a role nor a decision`, {
        got: line.slice(0, 200),
      });
    }
    decisions.push({ ...decision.data, role: current.get(decision.data.principal) });
  }
  return { suite, roles, decisions };
}

/** An attack's own policy is not a grant of the stacks. */
function withoutAttacks(identity: RecordedRole["identity"]): RecordedRole["identity"] {
  return Object.fromEntries(Object.entries(identity).filter(([name]) => !name.startsWith("attack-")));
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .sort();
  } catch {
    return [];
  }
}
