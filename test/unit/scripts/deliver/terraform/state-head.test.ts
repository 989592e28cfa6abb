import { covers, type StateHead } from "../../../../../scripts/deliver/terraform/state-head";

const head = (lineage: string, serial: number): StateHead => ({ lineage, serial, resources: [] });

describe("covers", () => {
  test.each([
    ["the same state", head("a", 3), true],
    ["a newer one", head("a", 4), true],
    ["an older one", head("a", 2), false],
    ["one of another life", head("b", 9), false],
    ["none", undefined, false],
  ])("%s", (_, state, expected) => {
    // Act
    const covered = covers(state, head("a", 3));

    // Assess
    expect(covered).toBe(expected);
  });
});
