import type { Weakening } from "../weakening";

export const review: readonly Weakening[] = [
  {
    name: "a review shows what is marked sensitive",
    file: "scripts/deliver/plan-review/differences/visible-change.ts",
    find: "  if (sensitive === true) return isGiven(value) ?",
    replace: '  if (sensitive === "") return isGiven(value) ?',
    gate: {
      tests: [
        "test/unit/scripts/deliver/plan-review/differences/visible-change.test.ts",
        "test/unit/scripts/deliver/plan-review/recorded.test.ts",
      ],
    },
    says: /of sensitive is the one that is kept for readers/,
  },
  {
    name: "a plan may destroy data unasked",
    file: "scripts/deliver/plan-guard/judge-plans.ts",
    find: "removals.filter((removal) => permission(removal) === undefined)",
    replace: "[]",
    gate: { tests: ["test/unit/scripts/deliver/plan-guard/judge-plans.test.ts"] },
    says: /refuses a database that is replaced and a bucket that is destroyed, an/,
  },
];
