import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import type { RoleKind } from "./roles";

const root = resolve(__dirname, "../../..");

interface Job {
  readonly steps?: readonly { readonly run?: string }[];
}

/** The TypeScript that jobs of workflows run after they have taken a role. */
export function scriptsOf(role: RoleKind): readonly string[] {
  const folder = join(root, ".github/workflows");
  const jobs = readdirSync(folder).flatMap((file) => {
    const workflow = parse(readFileSync(join(folder, file), "utf8")) as {
      readonly jobs: Readonly<Record<string, Job>>;
    };
    return Object.values(workflow.jobs);
  });
  const scripts = jobs.flatMap(({ steps = [] }) => {
    const runs = steps.map(({ run = "" }) => run);
    const taken = runs.findIndex((run) => run.includes(`aws-access.ts ${role}`));
    return taken < 0 ? [] : runs.slice(taken + 1).flatMap(scriptsIn);
  });
  return [...new Set(scripts)].sort();
}

/** `npx tsx FILE`, and `npm run NAME` by package.json. */
function scriptsIn(run: string): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = [...run.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = ""]) => scripts[name] ?? "");
  return [run, ...named].flatMap((command) =>
    [...command.matchAll(/tsx (scripts\/[\w/.-]+\.ts)/g)].map(([, file = ""]) => file),
  );
}

/** The operations of AWS SDKs that a script and all that it imports name. */
export function operationsOf(script: string): readonly string[] {
  const operations = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, clause = "", from = ""] of text.matchAll(/import ([^;]*?) from "([^"]+)"/g)) {
      if (from.startsWith("@aws-sdk/")) for (const name of namesIn(clause)) operations.add(name);
      const target = join(dirname(file), `${from}.ts`);
      if (from.startsWith(".") && existsSync(target)) visit(target);
    }
  };
  visit(join(root, script));
  return [...operations].sort();
}

function namesIn(clause: string): readonly string[] {
  return [...clause.matchAll(/\b(?:(\w+)Command|(?:paginate|waitUntil)(\w+))\b/g)].map(
    ([, command, other]) => command ?? other ?? "",
  );
}
