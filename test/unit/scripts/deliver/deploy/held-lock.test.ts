import { describeLocks, lockIn } from "../../../../../scripts/deliver/deploy/held-lock";
import { terraformBelow } from "../../../../../scripts/deliver/terraform/interrupt";
import { Terraform } from "../../../../../scripts/deliver/terraform/terraform";
import { FakeProgram } from "../../../../support/fakes/fake-program";

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

describe("the note on an interrupted deployment", () => {
  const programs = {
    free: new FakeProgram("terraform", "echo 'failed to retrieve lock info'; exit 1"),
    held: new FakeProgram("terraform", "printf 'Lock Info:\\n  ID:        1fe32cf5\\n'; exit 1"),
  };
  const stackOf = (lock: keyof typeof programs) =>
    new Terraform("test", { env: { ...process.env, ...programs[lock].env } });
  afterAll(() => {
    for (const program of Object.values(programs)) program.remove();
  });

  test("names each stack that is still locked, and the command; or those that are not", async () => {
    const held = await describeLocks(
      new Map([
        ["network", stackOf("free")],
        ["etl", stackOf("held")],
      ]),
    );
    const free = await describeLocks(
      new Map([
        ["network", stackOf("free")],
        ["etl", stackOf("free")],
      ]),
    );

    expect(held).toMatch(/^etl is still locked, by 1fe32cf5\. .*: terraform -chdir=test force-unlock 1fe32cf5$/);
    expect(free).toBe("No lock is left on network or etl");
    expect(programs.held.takeCalls()).toEqual(["force-unlock -force none -no-color"]);
  });

  test("says that nothing was changed where no stack was connected to its state", async () => {
    expect(await describeLocks(new Map())).toBe("Nothing was changed");
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
