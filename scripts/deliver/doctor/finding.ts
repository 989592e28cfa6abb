/** The result of one check. */
export interface Finding extends Outcome {
  readonly name: string;
}

export interface Outcome {
  readonly level: "ok" | "warn" | "fail";
  readonly detail: string;
  /** What to do if it failed. */
  readonly fix?: string;
}

export const ok = (detail: string): Outcome => ({ level: "ok", detail });
export const warn = (detail: string, fix: string): Outcome => ({ level: "warn", detail, fix });
export const fail = (detail: string, fix: string): Outcome => ({ level: "fail", detail, fix });

/** One line each, with the fix below it. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(10, ...findings.map(({ name }) => name.length));
  return findings
    .map(({ name, level, detail, fix }) => {
      const line = `${(level === "fail" ? "FAIL" : level).padEnd(4)} ${name.padEnd(width)} ${detail}`;
      return fix === undefined ? line : `${line}\n     ${"".padEnd(width)} fix: ${fix}`;
    })
    .join("\n");
}
