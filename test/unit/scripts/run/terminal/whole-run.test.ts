import { WholeRun } from "../../../../../scripts/run/terminal/whole-run";

describe("a run of one transaction that is stopped", () => {
  const begin = (dryRun = false) => new WholeRun({ pipeline: "sales", done: "undone", dryRun });

  test("before its commit has kept nothing", () => {
    expect(begin().tellStop()).toBe("Stopped: nothing of sales was undone. The same command starts over");
  });

  test("during its commit names the run that the ledger has if it is kept", () => {
    const run = begin();
    run.onCommit("r");

    expect(run.tellStop()).toMatch(/^Stopped during the commit of run r: .*etl_run has this run if it is$/);
  });

  test("after its end says what was done; and nothing, if that was so", () => {
    const [done, none] = [begin(), begin()];
    done.onCommit("r");
    done.ended("r");
    none.ended(null);

    expect(done.tellStop()).toBe("Stopped when all was done: sales was undone by run r");
    expect(none.tellStop()).toMatch(/^Stopped: nothing of sales was undone/);
  });

  test("keeps nothing if it is a dry run", () => {
    const run = begin(true);
    run.onCommit("r");

    expect(run.tellStop()).toBe("Stopped. It was a dry run: nothing was kept");
  });
});
