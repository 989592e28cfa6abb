import type { ColumnType as KyselyColumn } from "kysely";
import type { Column, Columns } from "./column";

/** The JavaScript value of each type. Whole numbers beyond 2^53 do not fit; rows copied to a table keep all 64 bits. */
interface Values {
  text: string;
  integer: number;
  bigint: number;
  /** Its digits: exact. */
  numeric: string;
  double: number;
  boolean: boolean;
  /** `YYYY-MM-DD`. */
  date: string;
  /** `YYYY-MM-DDTHH:mm:ss`, without a zone. */
  timestamp: string;
  timestamptz: Date;
  uuid: string;
  json: unknown;
}

type ValueOf<C extends Column> = Values[C["type"]] | (C extends { readonly nullable: true } ? null : never);

type InTable<C extends Column> = C["type"] extends "timestamptz"
  ? KyselyColumn<ValueOf<C>, ValueOf<C> | string, ValueOf<C> | string>
  : ValueOf<C>;

interface Described {
  readonly columns: Columns;
}

/** A valid row of a CSV or a table. */
export type RecordOf<Contract extends Described> = {
  readonly [Name in keyof Contract["columns"]]: ValueOf<Contract["columns"][Name]>;
};

/** A contract's table in Kysely's types. */
export type TableOf<Contract extends Described> = {
  -readonly [Name in keyof Contract["columns"]]: InTable<Contract["columns"][Name]>;
};

/** The tables of one contract, or of a union of them, by name. */
export type TablesOf<Contract extends Described & { readonly table: string }> = {
  [One in Contract as One["table"]]: TableOf<One>;
};
