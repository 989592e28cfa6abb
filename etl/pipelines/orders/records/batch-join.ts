import type { RejectedRow } from "../../../core/csv/rejected-row";
import type { Row } from "../../../core/csv/rows/row";
import { HIDDEN } from "../../../core/csv/source-columns";
import { parseAmount } from "./amount";
import { BatchRecords } from "./batch-records";
import { Column } from "./column";
import { IdTable } from "./id-table";

/** The fields of a row that columns are read from. */
type Places<Column extends string> = Readonly<Record<Column, number>>;

/** The reason of a rejected row. */
type Reason = RejectedRow["reason"];

/**
 * Joins the rows of a batch's three files while they are read: customers first, then orders, then items. The `add…`
 * methods return the reason if a row does not fit; a repeated row is added once.
 */
export class BatchJoin {
  readonly #isSensitive: boolean;
  readonly #customers = new IdTable();
  readonly #names: string[] = [];
  readonly #orders = new IdTable();
  readonly #customerOf = Column.ofUint32();
  readonly #amounts = Column.ofInt64();
  readonly #items = new IdTable();
  readonly #orderOf = Column.ofUint32();

  /** @param isSensitive whether reasons must not quote values of the files. Default: false */
  constructor(isSensitive = false) {
    this.#isSensitive = isSensitive;
  }

  addCustomer(row: Row, at: Places<"id" | "name">): Reason | undefined {
    const customer = addId(this.#customers, row, at.id);
    const name = row.text(at.name);
    if (customer === this.#names.length) this.#names.push(name);
    else if (this.#names[customer] !== name) return contradicts("customer_id", this.#quote(row, at.id));
    return undefined;
  }

  addOrder(row: Row, at: Places<"id" | "customer" | "amount">): Reason | undefined {
    const customer = findId(this.#customers, row, at.customer);
    if (customer === -1) return unknown("customer_id", this.#quote(row, at.customer), "customers");
    const order = addId(this.#orders, row, at.id);
    const amount = parseAmount(row.bytes, row.starts[at.amount] ?? 0, row.ends[at.amount] ?? 0);
    if (order === this.#amounts.length) {
      this.#customerOf.push(customer);
      this.#amounts.push(amount);
    } else if (this.#customerOf.values[order] !== customer || this.#amounts.values[order] !== amount) {
      return contradicts("order_id", this.#quote(row, at.id));
    }
    return undefined;
  }

  addItem(row: Row, at: Places<"id" | "order">): Reason | undefined {
    const order = findId(this.#orders, row, at.order);
    if (order === -1) return unknown("order_id", this.#quote(row, at.order), "orders");
    const item = addId(this.#items, row, at.id);
    if (item === this.#orderOf.length) this.#orderOf.push(order);
    else if (this.#orderOf.values[item] !== order) return contradicts("item_id", this.#quote(row, at.id));
    return undefined;
  }

  /** Asked when all is read. */
  arrange(): BatchRecords {
    return new BatchRecords({
      ...{ customers: this.#customers, names: this.#names },
      ...{ orders: this.#orders, customerOf: this.#customerOf.values, amounts: this.#amounts.values },
      ...{ items: this.#items, orderOf: this.#orderOf.values },
    });
  }

  #quote(row: Row, at: number): string {
    return this.#isSensitive ? HIDDEN : JSON.stringify(row.text(at));
  }
}

function addId(table: IdTable, { bytes, starts, ends }: Row, at: number): number {
  return table.add(bytes, starts[at] ?? 0, ends[at] ?? 0);
}

function findId(table: IdTable, { bytes, starts, ends }: Row, at: number): number {
  return table.find(bytes, starts[at] ?? 0, ends[at] ?? 0);
}

function unknown(column: string, id: string, file: string): Reason {
  return `${column}: got ${id}, expected an id that the batch's ${file} file has`;
}

function contradicts(column: string, id: string): Reason {
  return `${column}: got ${id} again with other content, expected one row per id; the first was used`;
}
