import { setTimeout as sleep } from "node:timers/promises";
import { oneAtATime } from "../../../../../scripts/run/dashboard/one-at-a-time";

test("reads never overlap, and a caller never gets a result from before its call", async () => {
  let reads = 0;
  let open = 0;
  const read = oneAtATime(async () => {
    open += 1;
    expect(open).toBe(1);
    reads += 1;
    const mine = reads;
    await sleep(20);
    open -= 1;
    return mine;
  });

  const first = read();
  await sleep(5);
  const later = [read(), read(), read()];

  expect(await first).toBe(1);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
});

test("a read that fails does not stop the next", async () => {
  let reads = 0;
  const read = oneAtATime(async () => {
    reads += 1;
    if (reads === 1) throw new Error("lost");
    return reads;
  });
  await expect(read()).rejects.toThrow("lost");
  expect(await read()).toBe(2);
});
