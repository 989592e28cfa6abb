import * as z from "zod";
import { section, text } from "../kinds";

const columnName = text(
  /^[^.\s"]+(\.[^.\s"]+){0,2}$/,
  "`column`, `table.column` or `schema.table.column`, without spaces or quotes",
);

export const pagesSchema = section({
  hide: z
    .array(columnName, "a list of columns")
    .default([])
    .meta({
      allowed: "a list of `column`, of whatever table, or `table.column`",
      description:
        "Columns that no page of a table shows. Where any is named, pages show no raw text of rejected rows and no value that a message quotes.",
      examples: [["customer_email", "sales.note"]],
    }),
})
  .prefault({})
  .meta({ description: "The pages that show what the pipelines have stored." });
