import { runProjectScript } from "../../support/processes/run-script";

/** What is refused before anything is written. */
describe("npm run new-pipeline", () => {
  it.each([
    [["Daily_Sales", "--schedule", "rate(1 day)"], "A pipeline's name is in kebab-case"],
    [["covid", "--schedule", "rate(1 day)"], "There is such a pipeline"],
    [["no-such-one"], "--schedule is missing: got none, expected rate(N minutes|hours|days)"],
    [["no-such-one", "--schedule", ""], '--schedule is no expression of EventBridge Scheduler: got ""'],
    [["sales", "--import"], "There is such a pipeline"],
    [["no-such-one", "--import", "--schedule", "rate(1 day)"], "cannot be used with option '--schedule <expression>'"],
    [["no-such-one", "--schedule", "daily"], '--schedule is no expression of EventBridge Scheduler: got "daily"'],
    [["no-such-one", "--schedule", 'rate(1 day)"'], "--schedule is no expression"],
    [["no-such-one", "--schedule", "rate(1 day)", "--trigger", "sales/"], '--trigger is no prefix: got "sales/"'],
    [["no-such-one", "--schedule", "rate(1 day)", "--trigger", 's3://a"b/'], "--trigger is no prefix"],
  ])("refuses %j", async (args, message) => {
    const { code, output } = await runProjectScript("new-pipeline.ts", args);

    expect(output).toContain(message);
    expect(code).toBe(2);
  });
});
