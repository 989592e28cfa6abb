import { PassThrough } from "node:stream";
import { formatAmount, formatDone } from "../../../../../scripts/run/terminal/amount";
import { BarProgress } from "../../../../../scripts/run/terminal/bar-progress";
import { LineProgress } from "../../../../../scripts/run/terminal/line-progress";

describe("amounts", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [33_200_000, "33.2 MB"],
    [5_000_000_000_000_000, "5000.0 TB"],
  ])("%p bytes read %p", (bytes, text) => expect(formatAmount("parse", bytes)).toBe(text));

  test("a load counts rows, and an unknown total is left out", () => {
    expect(formatDone("load", 1000, 2_000_000)).toBe("1,000 rows of 2,000,000 rows");
    expect(formatDone("download", 1500)).toBe("1.5 kB");
  });
});

describe("LineProgress", () => {
  test("tells each subject at its end, and every five seconds until then", () => {
    const written: string[] = [];
    let now = 0;
    const progress = new LineProgress({ write: (text: string) => written.push(text) }, () => now);

    for (now = 0; now <= 12_000; now += 100) progress.advance("parse", "cases", now * 1000, 20_000_000);
    progress.finish("parse", "cases");
    progress.finish("load", "covid_daily");

    expect(written).toEqual([
      "parse cases: 5.0 MB of 20.0 MB\n",
      "parse cases: 10.0 MB of 20.0 MB\n",
      "parse cases: 12.0 MB, done\n",
      "load covid_daily: done\n",
    ]);
  });
});

describe("BarProgress", () => {
  test("draws a bar a subject and leaves them full", () => {
    const terminal = new FakeTerminal();
    const progress = new BarProgress(terminal as unknown as NodeJS.WriteStream);

    progress.advance("download", "cases", 500, 1000);
    progress.advance("load", "covid_daily", 10);
    progress.finish("download", "cases");
    progress.finish("load", "covid_daily");
    progress.stop();

    const shown = terminal.text();
    expect(shown).toContain("download cases           ████████████████████████ 500 B");
    expect(shown).toContain("load     covid_daily");
    expect(shown).toContain("10 rows");
    expect(shown).not.toContain("\u001b[?7l");
  });
});

/** The little of a terminal that cli-progress asks for. */
class FakeTerminal extends PassThrough {
  readonly isTTY = true;
  readonly columns = 80;

  cursorTo(): boolean {
    return true;
  }

  moveCursor(): boolean {
    return true;
  }

  clearLine(): boolean {
    return true;
  }

  text(): string {
    return String(this.read() ?? "");
  }
}
