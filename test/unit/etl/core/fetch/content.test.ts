import { buffer } from "node:stream/consumers";
import { refusePage } from "../../../../../etl/core/fetch/content";
import { bytesOf } from "../../../../support/files/bytes";

const pass = async (body: string | Uint8Array, size: number, type?: string) =>
  (
    await buffer(refusePage({ body: bytesOf(body, size), headers: { "content-type": type }, source: "cases" }))
  ).toString();

describe("refusePage", () => {
  test.each([1, 7, 1024, 5000])("passes data on unchanged, in pieces of %i bytes", async (size) => {
    const csv = `date,note\n${"2020-01-21,<html>\n".repeat(200)}`;
    expect(await pass(csv, size, "text/plain")).toBe(csv);
    expect(await pass("", size)).toBe("");
    expect(await pass("a", size)).toBe("a");
  });

  test.each(["<!doctype html>", "<!DOCTYPE HTML PUBLIC", "\uFEFF\r\n\t <html lang=en>", "<Html>"])(
    "refuses %j, however small the pieces",
    async (page) => {
      await expect(pass(page, 1)).rejects.toThrow(/web page instead of data/);
      await expect(pass(page + "x".repeat(5000), 700)).rejects.toThrow(/web page instead of data/);
    },
  );

  test.each(["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"])("refuses type %s", async (type) => {
    await expect(pass("date,cases", 1024, type)).rejects.toThrow(`got content of type ${type}, expected CSV (cases)`);
  });

  test.each(["<htmlish>,b", "a<html>", "<doctype html"])("passes on %j", async (csv) => {
    expect(await pass(csv, 1024)).toBe(csv);
  });
});
