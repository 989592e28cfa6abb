import { isDeepStrictEqual } from "node:util";
import type { PolicyStatement } from "./policy-statement";

/**
 * Lines of a diff between two policies, statement by statement. Equal statements are left out, whatever their order and
 * spelling; in a changed one, each clause is kept, removed or new.
 */
export function policyDifference(
  before: readonly PolicyStatement[],
  after: readonly PolicyStatement[],
): readonly string[] {
  const gone = before.filter((statement) => !after.some((other) => isDeepStrictEqual(statement, other)));
  const came = after.filter((statement) => !before.some((other) => isDeepStrictEqual(statement, other)));
  const lines: string[] = [];
  for (const statement of gone) {
    const successor = came.findIndex((other) => succeeds(other, statement));
    const [next] = successor === -1 ? [] : came.splice(successor, 1);
    lines.push(...(next === undefined ? whole("-", statement) : changed(statement, next)));
  }
  return [...lines, ...came.flatMap((statement) => whole("+", statement))];
}

/** The same name or, without names, something in common. A changed effect is never a detail. */
function succeeds(after: PolicyStatement, before: PolicyStatement): boolean {
  if (after.effect !== before.effect) return false;
  if (after.sid !== "" || before.sid !== "") return after.sid === before.sid;
  return after.clauses.some((clause) => before.clauses.includes(clause));
}

function changed(before: PolicyStatement, after: PolicyStatement): readonly string[] {
  const kept = before.clauses.filter((clause) => after.clauses.includes(clause));
  return [
    `  ${title(after)}`,
    ...kept.map((clause) => `    ${clause}`),
    ...before.clauses.filter((clause) => !kept.includes(clause)).map((clause) => `-   ${clause}`),
    ...after.clauses.filter((clause) => !kept.includes(clause)).map((clause) => `+   ${clause}`),
  ];
}

function whole(sign: "+" | "-", statement: PolicyStatement): readonly string[] {
  return [`${sign} ${title(statement)}`, ...statement.clauses.map((clause) => `${sign}   ${clause}`)];
}

function title({ effect, sid }: PolicyStatement): string {
  return sid === "" ? effect : `${effect} "${sid}"`;
}
