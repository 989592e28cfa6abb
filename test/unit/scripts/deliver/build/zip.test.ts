import { strFromU8, strToU8, unzipSync } from "fflate";
import { zipFiles } from "../../../../../scripts/deliver/build/zip";

describe("zipFiles", () => {
  test("gives the same bytes in whatever order the files come", () => {
    // Act
    const one = zipFiles([
      ["b/x.js", strToU8("x")],
      ["a.js", strToU8("a")],
    ]);
    const other = zipFiles([
      ["a.js", strToU8("a")],
      ["b/x.js", strToU8("x")],
    ]);

    // Assess
    expect(Buffer.from(one).equals(other)).toBe(true);
    expect(Object.entries(unzipSync(one)).map(([path, bytes]) => [path, strFromU8(bytes)])).toEqual([
      ["a.js", "a"],
      ["b/x.js", "x"],
    ]);
  });

  test("writes the first day that a zip knows, and files that everybody may read", () => {
    // Act
    const zip = Buffer.from(zipFiles([["a.js", strToU8("a")]]));

    // Assess: PKWARE's application note, 4.4.6 (time, date) and 4.4.2, 4.4.15 (made by, external attributes)
    const directory = zip.indexOf("PK\u0001\u0002");
    expect(zip.readUInt16LE(directory + 12)).toBe(0);
    expect(zip.readUInt16LE(directory + 14)).toBe((0 << 9) | (1 << 5) | 1);
    expect(zip[directory + 5]).toBe(3);
    expect(zip.readUInt32LE(directory + 38) >>> 16).toBe(0o100644);
  });
});
