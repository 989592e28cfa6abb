import { Rejections } from "../../../../../../etl/core/csv/rejections";
import { type BatchFiles, readBatch } from "../../../../../../etl/pipelines/orders/records/read-batch";
import { bytesOf } from "../../../../../support/files/bytes";

const CUSTOMERS = "customer_id,customer_name\n7,Seven\n";

async function read(texts: Partial<Record<"customers" | "orders", string | Buffer>>): Promise<unknown> {
  const contents: Readonly<Record<string, string | Buffer>> = {
    ...{ customers: CUSTOMERS, orders: "order_id,customer_id,amount\n1,7,5\n", items: "item_id,order_id\n1,1\n" },
    ...texts,
  };
  const fileOf = (key: string) => ({ key, etag: key, bytes: 1, lastModified: new Date(0), metadata: {} });
  const files: BatchFiles = { customers: fileOf("customers"), orders: fileOf("orders"), items: fileOf("items") };
  return readBatch(files, { open: async ({ key }) => bytesOf(contents[key] ?? "") }, new Rejections());
}

describe("readBatch", () => {
  test.each<[string, string | Buffer, string]>([
    ["another delimiter", CUSTOMERS.replaceAll(",", ";"), 'The delimiter of this file is ";": convert it to a comma'],
    ["UTF-16", Buffer.from(CUSTOMERS, "utf16le"), "It is UTF-16: convert it with iconv -f UTF-16 -t UTF-8"],
    [
      "windows-1252",
      Buffer.from(CUSTOMERS.replace("Seven", "Sept\xe9"), "latin1"),
      "Convert it, for example with iconv -f WINDOWS-1252 -t UTF-8",
    ],
    ["no header", "7,Seven\n", "None of these is a column's name: if the file has no header, add one"],
    ["another name", CUSTOMERS.replace("_name", "s"), "Rename the column in the source"],
  ])(
    "gives advice that needs no change of a contract, which users do not have: %s",
    async (_what, customers, advice) => {
      const error = await read({ customers }).catch((failure: unknown) => failure);
      expect(String(error).endsWith(`. ${advice}`) ? advice : String(error)).toBe(advice);
    },
  );

  test.each([
    ["CR CR LF", "order_id,customer_id,amount\r\r\n1,7,5\r\r\n"],
    ["LF CR", "order_id,customer_id,amount\n\r1,7,5\n\r"],
  ])("refuses a file whose lines end in %s: a customer would go out without its orders", async (lineEnd, orders) => {
    await expect(read({ orders })).rejects.toThrow(`The lines of this file end in ${lineEnd}`);
  });

  test("refuses a file of many rows that are all rejected: its customers would go out without what it has", async () => {
    const ordersOf = (rows: number, amount: string, last = amount) =>
      `order_id,customer_id,amount\n${Array.from({ length: rows }, (_, at) => `${at},7,"${at === rows - 1 ? last : amount}"\n`).join("")}`;

    await expect(read({ orders: ordersOf(10, "1,00") })).rejects.toThrow(
      'All rows of this file were rejected, nothing was sent: got 10 of 10, expected valid rows, and perhaps a few that are not (orders, line 2). The first one: amount: got "1,00"',
    );
    await expect(read({ orders: ordersOf(10, "1,00", "1.00") })).resolves.toBeDefined();
    await expect(read({ orders: ordersOf(9, "1,00") })).resolves.toBeDefined();
    await expect(read({ orders: ordersOf(0, "") })).resolves.toBeDefined();
  });
});
