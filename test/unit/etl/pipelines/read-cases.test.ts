import type { CsvContract } from "../../../../etl/core/contract/contract";
import { readRecords } from "../../../../etl/core/csv/read-records";
import { casesContract, isUnitedStates, recoveriesContract } from "../../../../etl/pipelines/covid/contracts";
import { checks, customersContract, itemsContract, ordersContract } from "../../../../etl/pipelines/orders/contracts";
import { parseAmount } from "../../../../etl/pipelines/orders/records/amount";
import { bytesOf } from "../../../support/files/bytes";
import sources from "./read-cases.json";

/** What the readers of covid and orders made of these rows while zod and Papa Parse read them (2026-11-29). */
describe.each(sources)("a row of $source", ({ source, header, cases }) => {
  test.each(cases)("%j", async (row, outcome) => {
    expect(await read(source, `${header}\n${row}\n`)).toEqual(outcome);
  });
});

const contracts: Readonly<Record<string, CsvContract>> = {
  cases: casesContract,
  recoveries: recoveriesContract,
  customers: customersContract,
  orders: ordersContract,
  items: itemsContract,
};

/** The record, the reason for rejecting it, or null for a row that is not meant. */
async function read(source: string, csv: string): Promise<unknown> {
  const found: unknown[] = [];
  const reading = {
    ...{ source, role: source },
    bytes: bytesOf(csv),
    contract: contracts[source] ?? casesContract,
    tally: { rows: 0 },
    checks: source === "orders" ? checks : {},
    onRejected: ({ reason }: { readonly reason: string }) => void found.push(reason),
    ...(source === "recoveries" && { isInScope: isUnitedStates }),
  };
  for await (const records of readRecords<CsvContract>(reading)) found.push(...records.map(withMillionths));
  return found[0] ?? null;
}

function withMillionths(record: Readonly<Record<string, unknown>>) {
  if (typeof record.amount !== "string") return record;
  const amount = Buffer.from(record.amount);
  return { ...record, amount: `${parseAmount(amount, 0, amount.length)}n` };
}
