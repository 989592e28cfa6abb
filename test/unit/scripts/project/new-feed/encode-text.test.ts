import { toUtf8 } from "../../../../../etl/core/csv/unpack/to-utf8";
import { encodeText } from "../../../../../scripts/project/new-feed/write/encode-text";

test.each([
  ["utf-8", "Größe,žlutý,5 €\n"],
  ["utf-16", "Größe,žlutý,5 €\n"],
  ["windows-1252", "Größe,5 €,“quoted”\n"],
  ["iso-8859-1", "Größe,5 £\n"],
] as const)("%s is read as it was written", async (encoding, text) => {
  async function* bytes() {
    yield encodeText(text, encoding);
  }
  const read: Uint8Array[] = [];
  for await (const piece of toUtf8(bytes(), encoding, "a.csv")) read.push(piece);

  expect(
    Buffer.concat(read)
      .toString()
      .replace(/^\uFEFF/, ""),
  ).toBe(text);
});
