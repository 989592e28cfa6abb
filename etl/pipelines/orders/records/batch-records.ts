import { groupMembers } from "./groups";
import { compareIds } from "./id-order";
import type { IdTable } from "./id-table";

/** An order, with the sorted ids of its items. */
interface Order {
  readonly id: string;
  readonly amount: bigint;
  readonly items: readonly string[];
}

/** The data of a batch's three files, in the order in which it came. */
interface JoinedTables {
  readonly customers: IdTable;
  readonly names: readonly string[];
  readonly orders: IdTable;
  /** Each order's customer, and its amount. */
  readonly customerOf: Uint32Array;
  readonly amounts: BigInt64Array;
  readonly items: IdTable;
  /** Each item's order. */
  readonly orderOf: Uint32Array;
}

/**
 * The data of a batch's three files. A customer's orders lie side by side in memory, and so do their items: read where they came, all
 * over the memory, they would take longer than their messages.
 */
export class BatchRecords {
  readonly #customers: IdTable;
  readonly #names: readonly string[];
  /** Where each customer's orders begin, and each order's items. */
  readonly #orderStarts: Uint32Array;
  readonly #itemStarts: Uint32Array;
  readonly #orderIds: (place: number) => string;
  readonly #amounts: BigInt64Array;
  readonly #itemIds: (place: number) => string;
  readonly #isSorted: { readonly orders: boolean; readonly items: boolean };

  constructor({ customers, names, orders, customerOf, amounts, items, orderOf }: JoinedTables) {
    this.#customers = customers;
    this.#names = names;
    const byCustomer = groupMembers(customerOf, orders.size, Uint32Array.from(names.keys()));
    this.#orderStarts = byCustomer.starts;
    this.#orderIds = orders.arrange(byCustomer.members);
    this.#amounts = BigInt64Array.from(byCustomer.members, (order) => amounts[order] ?? 0n);
    const byOrder = groupMembers(orderOf, items.size, byCustomer.members);
    this.#itemStarts = byOrder.starts;
    this.#itemIds = items.arrange(byOrder.members);
    this.#isSorted = { orders: orders.isSorted, items: items.isSorted };
  }

  get customers(): number {
    return this.#customers.size;
  }

  customer(customer: number): { readonly id: string; readonly name: string } {
    return { id: this.#customers.get(customer), name: this.#names[customer] ?? "" };
  }

  /** The orders of a customer, sorted by id. */
  ordersOf(customer: number): readonly Order[] {
    const orders: Order[] = [];
    const end = this.#orderStarts[customer + 1] ?? 0;
    for (let at = this.#orderStarts[customer] ?? 0; at < end; at += 1) {
      orders.push({ id: this.#orderIds(at), amount: this.#amounts[at] ?? 0n, items: this.#itemsOf(at) });
    }
    return this.#isSorted.orders ? orders : orders.sort((a, b) => compareIds(a.id, b.id));
  }

  #itemsOf(order: number): readonly string[] {
    const items: string[] = [];
    const end = this.#itemStarts[order + 1] ?? 0;
    for (let at = this.#itemStarts[order] ?? 0; at < end; at += 1) items.push(this.#itemIds(at));
    return this.#isSorted.items ? items : items.sort(compareIds);
  }
}
