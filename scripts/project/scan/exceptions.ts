import * as z from "zod";
import type { Findings } from "./findings";

const exceptionSchema = z.strictObject({
  check: z.string().regex(/^CKV2?_AWS_\d+$/),
  /** Why these resources need not, or must not, pass the check. */
  reason: z.string().min(20),
  /** `<stack>/<resource>` as in a finding; `*` matches any text. */
  resources: z.array(z.string()).min(1),
});

export const exceptionsSchema = z.array(exceptionSchema);
export type Exception = z.output<typeof exceptionSchema>;

/** Fewer checks than this mean that something was not scanned. */
export const LEAST_PASSED = 500;
/** More excepted checks than this mean that the exceptions have become the rule. */
export const MOST_EXCEPTED = 9;

/** The problems of a scan: one line each, none if it passes. */
export function judge({ passed, failed, unread }: Findings, exceptions: readonly Exception[]): readonly string[] {
  const found = failed.map(({ check, resource }) => `${check} ${resource}`);
  const excepted = exceptions.flatMap(({ check, resources }) => resources.map((resource) => `${check} ${resource}`));
  const checks = new Set(exceptions.map(({ check }) => check));
  return [
    ...unread.map((file) => `not read: ${file}`),
    ...failed
      .filter(({ check, resource }) => !excepted.some((exception) => covers(exception, `${check} ${resource}`)))
      .map(({ check, resource, asks }) => `unexplained: ${check} ${resource}: ${asks}`),
    ...excepted
      .filter((exception) => !found.some((finding) => covers(exception, finding)))
      .map((exception) => `stale exception: ${exception}`),
    ...excepted
      .filter((exception, index) => excepted.indexOf(exception) !== index)
      .map((exception) => `excepted twice: ${exception}`),
    ...(passed < LEAST_PASSED ? [`too few checks passed: ${passed}, at least ${LEAST_PASSED} are expected`] : []),
    ...(checks.size > MOST_EXCEPTED ? [`too many checks are excepted: ${checks.size}, at most ${MOST_EXCEPTED}`] : []),
  ];
}

function covers(exception: string, finding: string): boolean {
  const texts = exception.split("*").map((text) => text.replace(/[.\\+?^${}()|[\]]/g, "\\$&"));
  return new RegExp(`^${texts.join(".*")}$`).test(finding);
}
