import { CsvError, DatabaseError, RejectedLimitError, SourceError, UsageError } from "../../../../../etl/core/errors";
import { TransientSourceError } from "../../../../../etl/core/fetch/errors";
import { TooLongError } from "../../../../../etl/feeds/load/call-time";
import { refusalOf } from "../../../../../etl/feeds/load/refusal";
import { RefusedRowError } from "../../../../../etl/feeds/load/refused/explain-refused";

const late = { bytes: 1, rows: 1, seconds: 1, source: "a.csv" };

describe("an error of a chunk", () => {
  test.each([
    ["its content is no CSV", new CsvError("x")],
    ["too much of it is rejected", new RejectedLimitError("x")],
    ["it is not read in time", new TooLongError(late, false)],
  ])("is its object's for good: %s", (_what, error) => {
    expect(refusalOf(error)).toEqual({ error, isForGood: true });
  });

  test.each([
    ["it is archived, or may not be read", new SourceError("x")],
    ["this machine cannot unpack it", new UsageError("x")],
    ["the table refuses a row of it", new RefusedRowError("x")],
    ["it was read, and not written in time", new TooLongError(late, true)],
  ])("is its object's, and may be better the next time: %s", (_what, error) => {
    expect(refusalOf(error)).toEqual({ error, isForGood: false });
  });

  test.each([
    ["the store does not answer", new TransientSourceError("x", {})],
    ["the database refuses", new DatabaseError("x")],
    ["it is a fault of ours", new TypeError("x")],
  ])("is none of its object: %s", (_what, error) => {
    expect(refusalOf(error)).toBeUndefined();
  });
});
