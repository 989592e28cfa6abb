import { Row } from "../../../../../../etl/core/csv/rows/row";
import { BatchJoin } from "../../../../../../etl/pipelines/orders/records/batch-join";

describe("what a row of a batch is rejected for", () => {
  const row = (line: string) => {
    const of = new Row(",");
    of.split(Buffer.from(`${line}\n`), 0);
    return of;
  };
  const reasons = (records: BatchJoin) => [
    records.addCustomer(row("C-secret,Ann"), { id: 0, name: 1 }),
    records.addCustomer(row("C-secret,Bob"), { id: 0, name: 1 }),
    records.addOrder(row("O-secret,C-other-secret,1.00"), { id: 0, customer: 1, amount: 2 }),
    records.addOrder(row("O-secret,C-secret,1.00"), { id: 0, customer: 1, amount: 2 }),
    records.addOrder(row("O-secret,C-secret,2.00"), { id: 0, customer: 1, amount: 2 }),
    records.addItem(row("I-secret,O-other-secret"), { id: 0, order: 1 }),
    records.addItem(row("I-secret,O-secret"), { id: 0, order: 1 }),
  ];

  test("names the id", () => {
    expect(reasons(new BatchJoin())).toEqual([
      undefined,
      expect.stringContaining('customer_id: got "C-secret" again with other content'),
      expect.stringContaining('customer_id: got "C-other-secret", expected an id that the batch\'s customers file has'),
      undefined,
      expect.stringContaining('order_id: got "O-secret" again'),
      expect.stringContaining('order_id: got "O-other-secret", expected'),
      undefined,
    ]);
  });

  test("quotes nothing where a column of the files is sensitive", () => {
    const told = reasons(new BatchJoin(true)).filter((reason) => reason !== undefined);

    expect(told).toHaveLength(4);
    expect(told.join()).not.toContain("secret");
  });
});
