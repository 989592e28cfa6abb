import { hasLengthOf, watchEnd } from "../../../../../etl/core/fetch/end";

test.each([
  [{ "content-length": "5" }, true],
  [{ "transfer-encoding": "chunked" }, true],
  [{ "content-encoding": "gzip" }, true],
  [{ "content-encoding": "identity" }, false],
  [{ connection: "close" }, false],
])("whether a cut is noticed: %j → %s", (headers, expected) => {
  expect(hasLengthOf({ headers })).toBe(expected);
});

test.each([
  [["a\n", "b"], false],
  [["a", "\n"], true],
  [["a\n", ""], true],
  [[], false],
])("whether %j ends a line: %s", async (parts, expected) => {
  const { bytes, endsALine } = watchEnd(
    (async function* () {
      for (const part of parts) yield Buffer.from(part);
    })(),
  );

  const passed: string[] = [];
  for await (const chunk of bytes) passed.push(String(chunk));
  expect(passed).toEqual(parts);
  expect(endsALine()).toBe(expected);
});
