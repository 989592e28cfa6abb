import { countObjects, MOST_NAMED, nameSome } from "../ledger/name-some";
import { AGAIN } from "../target/compare-target";

/** Gathers the listing's notes for people. Memory does not grow with the number of objects. */
export class PlanNotes {
  readonly #empty = new Named();
  readonly #rejected = new Named();
  #added = "";
  #listed = 0;
  #selected = 0;
  #earlier = 0;

  /** Columns added to the table. */
  added(table: string, columns: readonly string[]): void {
    if (columns.length > 0)
      this.#added = `${table} has the contract's new columns, NULL in all earlier rows: ${columns.join(", ")}`;
  }

  /** Objects below the prefix, and the selected ones. */
  listed(all: number, selected: number): void {
    this.#listed += all;
    this.#selected += selected;
  }

  get hasAdded(): boolean {
    return this.#added !== "";
  }

  /** An object loaded by an earlier contract. */
  ofEarlier(): void {
    this.#earlier += 1;
  }

  /** An empty object. */
  empty(location: string): void {
    this.#empty.add(location);
  }

  /** An object rejected by an earlier run, and why. */
  leftOut(location: string, reason: string): void {
    this.#rejected.add(`${location}: ${reason}`);
  }

  list(): readonly string[] {
    const earlier =
      this.#earlier === 0
        ? []
        : [`${countObjects(this.#earlier)} loaded with an earlier contract, and stay so: ${AGAIN} reads them again`];
    const empty = this.#empty.tell("empty, and loaded without rows");
    const rejected = this.#rejected.tell("left out, as rejected before");
    const until = `They are read again once they are replaced or the contract is changed, or by ${AGAIN}`;
    const isNoneSelected = this.#listed > 0 && this.#selected === 0;
    const none = `${countObjects(this.#listed, "is", "are")} there, and none is selected: they are hidden, or left out by include and exclude`;
    return [
      ...(isNoneSelected ? [none] : []),
      ...(this.#added === "" ? [] : [this.#added]),
      ...earlier,
      ...(empty === undefined ? [] : [empty]),
      ...(rejected === undefined ? [] : [`${rejected}. ${until}`]),
    ];
  }
}

class Named {
  readonly #first: string[] = [];
  #count = 0;

  add(name: string): void {
    this.#count += 1;
    if (this.#first.length < MOST_NAMED) this.#first.push(name);
  }

  /** `12 objects were …: a; b; and 10 more`; undefined if there is none. */
  tell(what: string): string | undefined {
    if (this.#count === 0) return undefined;
    return `${countObjects(this.#count)} ${what}: ${nameSome(this.#first, this.#count)}`;
  }
}
