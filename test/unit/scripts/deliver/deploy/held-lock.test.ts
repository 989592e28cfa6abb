import { lockIn } from "../../../../../scripts/deliver/deploy/held-lock";
import { terraformBelow } from "../../../../../scripts/deliver/terraform/interrupt";

describe("the lock on a state", () => {
  test("is named by what Terraform says when another id is to be unlocked", () => {
    const said = `Failed to unlock state: lock ID 'none' does not match existing lock
Lock Info:
  ID:        1fe32cf5-0e0b-7c2a-9f0e-2c0a3f1d8a55
  Path:      bucket/millrace/dev/etl.tfstate
  Operation: OperationTypeApply`;

    expect(lockIn(said)).toBe("1fe32cf5-0e0b-7c2a-9f0e-2c0a3f1d8a55");
    expect(lockIn("Failed to unlock state: failed to retrieve lock info")).toBeUndefined();
  });
});

describe("what is interrupted", () => {
  const processes = [
    { pid: 1, parent: 0, name: "init" },
    { pid: 10, parent: 1, name: "node" },
    { pid: 11, parent: 10, name: "terraform" },
    { pid: 12, parent: 11, name: "terraform-provider-aws_v5.100.0_x5" },
    { pid: 20, parent: 1, name: "terraform" },
  ];

  test.each([
    { what: "the Terraform below cdktf, and not its providers", pid: 10, expected: [11] },
    { what: "Terraform itself", pid: 11, expected: [11] },
    { what: "nothing where there is none: then the program itself is asked", pid: 12, expected: [] },
  ])("is $what", ({ pid, expected }) => {
    expect(terraformBelow(pid, processes)).toEqual(expected);
  });
});
