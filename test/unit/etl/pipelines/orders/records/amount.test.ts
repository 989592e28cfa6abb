import * as fc from "fast-check";
import { formatAmount, isAmount, parseAmount } from "../../../../../../etl/pipelines/orders/records/amount";

const isAmountText = (text: string) => isAmount(Buffer.from(`"${text}"`), 1, Buffer.byteLength(text) + 1);
const parse = (text: string) => parseAmount(Buffer.from(`"${text}"`), 1, Buffer.byteLength(text) + 1);

describe("amounts", () => {
  test.each([
    ["250.00", "250"],
    ["0.10", "0.1"],
    ["-0.05", "-0.05"],
    ["-0", "0"],
    ["-0.000000", "0"],
    ["007", "7"],
    ["999999999999.999999", "999999999999.999999"],
    ["-999999999999.999999", "-999999999999.999999"],
    ["0.000001", "0.000001"],
  ])("%s is written as %s", (text, json) => {
    expect(isAmountText(text)).toBe(true);
    expect(formatAmount(parse(text))).toBe(json);
    expect(Number.isFinite(JSON.parse(json))).toBe(true);
  });

  test("adds up exactly: 0.10 + 0.20 is 0.3", () => {
    expect(formatAmount(parse("0.10") + parse("0.20"))).toBe("0.3");
  });

  test.each([
    "",
    " 1",
    "1 ",
    "1.",
    ".5",
    "1e3",
    "+1",
    "1,5",
    "1.0000000",
    "1234567890123",
    "NaN",
    "0x1",
    "--1",
    "1\n",
    "١",
  ])("%j is no amount", (text) => {
    expect(isAmountText(text)).toBe(false);
  });

  test("any sum of cents is the one that whole numbers give", () => {
    const cents = fc.bigInt({ min: -(10n ** 14n) + 1n, max: 10n ** 14n - 1n });
    const write = (value: bigint) => {
      const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
      return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
    };
    fc.assert(
      fc.property(fc.array(cents), (values) => {
        const total = formatAmount(values.reduce((sum, value) => sum + parse(write(value)), 0n));
        const [whole = "", fraction = ""] = total.replace("-", "").split(".");
        const sign = total.startsWith("-") ? -1n : 1n;
        expect(sign * (BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0")))).toBe(
          values.reduce((a, b) => a + b, 0n),
        );
      }),
    );
  });
});
