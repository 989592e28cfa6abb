import type { UndoPlan } from "../../../../../etl/pipelines/orders/undo/plan-undo";
import { describeCustomers, describePlan, planToJson } from "../../../../../scripts/run/undo/orders-report";

const plan: UndoPlan = {
  ...{ batch: "acme/20230828", send: 2, newest: 3, cascade: false, messages: 29, unsent: 1, conflicts: 2 },
  shown: [
    { customer: "7", now: '{"a":2}', before: '{"a":1}', version: 3 },
    { customer: "8", now: '{"b":1}', before: null, version: null },
    { customer: "9", now: null, before: '{"c":1}', version: null },
  ],
  shownConflicts: [{ customer: "5", before: null, after: '{"d":1}', now: '{"d":2}' }],
};
const asked = { dryRun: false, skipConflicts: true };

describe("what is said of an undo of orders", () => {
  test("names each customer with both messages, those in conflict with three, and counts what is not shown", () => {
    expect(describeCustomers(plan)).toEqual([
      'customer "5": changed since: before none, after {"d":1}, now {"d":2}',
      "and 1 more customer who was changed since",
      'customer "7": version 3: now {"a":2}, before {"a":1}',
      'customer "8": no message: now {"b":1}, before none',
      'customer "9": no message: now none, before {"c":1}',
      "and 28 more customers",
    ]);
  });

  test.each([
    [
      { ...asked, skipConflicts: false },
      {},
      "conflicts",
      "Nothing was undone: 2 customers were changed since send 2 of batch acme/20230828\n" +
        "--skip-conflicts leaves these as they are, --cascade undoes the sends after it, too",
    ],
    [
      asked,
      {},
      "succeeded",
      "send 2 of batch acme/20230828 undone by send 4: 29 messages as they were before, with a higher version\n" +
        "Customers who had no message before it: 1; none is sent for them\n" +
        "2 customers were changed since, and stay as they are",
    ],
    [
      { ...asked, dryRun: true },
      { cascade: true, conflicts: 0, unsent: 0 },
      "dry-run",
      "Dry run: nothing was sent.\n" +
        "sends 2 to 3 of batch acme/20230828 would be undone: 29 messages as they were before, with a higher version",
    ],
    [
      asked,
      { shown: [], messages: 0, unsent: 0, conflicts: 0 },
      "nothing",
      "Nothing to undo: all customers are as they were before send 2 of batch acme/20230828",
    ],
    [
      { ...asked, skipConflicts: true },
      { shown: [], messages: 0, unsent: 0, conflicts: 1 },
      "nothing",
      "Nothing was undone: all that is left of send 2 of batch acme/20230828 was changed since\n" +
        "1 customer was changed since, and stays as it is",
    ],
  ] as const)("says what it does: %j %j", (options, change, status, text) => {
    const changed = { ...plan, ...change };

    expect(describePlan(changed, options)).toBe(text);
    expect(planToJson(changed, options)).toMatchObject({ status, by: status === "succeeded" ? 4 : null });
  });
});
