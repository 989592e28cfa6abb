import { openObjects } from "../../../../../scripts/run/feed/import-objects";

describe("--from", () => {
  it.each([
    [
      "s3://",
      /This is an address, and no path: got s3:.*expected a folder, or s3:\/\/bucket\/prefix\. Write it as s3:\/\/bucket\/prefix/,
    ],
    ["s3:bucket/prefix", /This is an address, and no path.*Write it as s3:\/\/bucket\/prefix/],
    [
      "https://me:sesame@here/a.csv",
      /This is an address, and no path: (?!.*sesame).*Write it as s3:\/\/bucket\/prefix/,
    ],
    [__filename, /--from is a file: .*Name the folder that it is in/],
  ])("%s is wrong usage", async (from, message) => {
    await expect(openObjects(from)).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(message),
    });
  });

  it("is a folder", async () => expect((await openObjects(__dirname)).name).toBe(__dirname));
});
