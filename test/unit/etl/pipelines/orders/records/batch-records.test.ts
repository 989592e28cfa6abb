import * as fc from "fast-check";
import { Row } from "../../../../../../etl/core/csv/rows/row";
import { BatchJoin } from "../../../../../../etl/pipelines/orders/records/batch-join";
import { compareIds } from "../../../../../../etl/pipelines/orders/records/id-order";

const row = (...fields: readonly (string | bigint)[]) => {
  const of = new Row(",");
  of.split(Buffer.from(`${fields.join(",")}\n`), 0);
  return of;
};

/** Different ids: numbers in order, in no order, or with text among them. */
const number = fc.nat({ max: 999 }).map(String);
const ids = fc.oneof(
  fc.uniqueArray(number).map((all) => all.sort(compareIds)),
  fc.uniqueArray(number),
  fc.uniqueArray(fc.oneof(number, fc.stringMatching(/^[a-z0]\d{0,3}$/))),
);

describe("BatchRecords", () => {
  test("gives each customer's orders and their items, sorted by id, in whatever order the files have them", () => {
    fc.assert(
      fc.property(ids, ids, ids, fc.array(fc.nat(), { minLength: 1 }), (customers, orders, items, owners) => {
        // Prepare
        const ownerOf = (at: number, of: readonly string[]) => of[(owners[at % owners.length] ?? 0) % of.length] ?? "";
        const join = new BatchJoin();
        for (const id of customers) join.addCustomer(row(id, `name of ${id}`), { id: 0, name: 1 });
        const known = customers.length === 0 ? [] : orders;
        for (const [at, id] of known.entries()) {
          join.addOrder(row(id, ownerOf(at, customers), BigInt(at)), { id: 0, customer: 1, amount: 2 });
        }
        const placed = known.length === 0 ? [] : items;
        for (const [at, id] of placed.entries()) join.addItem(row(id, ownerOf(at, known)), { id: 0, order: 1 });

        // Act
        const records = join.arrange();

        // Assess
        expect(records.customers).toBe(customers.length);
        for (const [number, id] of customers.entries()) {
          expect(records.customer(number)).toEqual({ id, name: `name of ${id}` });
          const wanted = known.flatMap((order, at) => {
            if (ownerOf(at, customers) !== id) return [];
            const own = placed.filter((_, place) => ownerOf(place, known) === order).sort(compareIds);
            return [{ id: order, amount: BigInt(at) * 1_000_000n, items: own }];
          });
          expect(records.ordersOf(number)).toEqual(wanted.sort((a, b) => compareIds(a.id, b.id)));
        }
      }),
      { numRuns: 300 },
    );
  });
});
