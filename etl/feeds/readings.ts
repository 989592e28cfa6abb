import { defineFeed } from "../core/contract/contract";

/** Readings of made-up electricity meters: one row per meter and hour. */
export const readings = defineFeed({
  name: "readings",
  table: "readings",
  columns: {
    meter: { type: "text", max: 20 },
    read_at: { type: "timestamptz" },
    kwh: { type: "numeric", precision: 12, scale: 3, min: 0 },
    estimated: { type: "boolean" },
  },
  key: ["meter", "read_at"],
});
