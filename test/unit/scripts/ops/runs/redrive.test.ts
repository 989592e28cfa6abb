import type { Message } from "@aws-sdk/client-sqs";
import { redriveStarts } from "../../../../../scripts/ops/runs/redrive";

describe("redriving starts that failed", () => {
  test("starts each input once, and deletes what asked for it", async () => {
    // Prepare
    const queue = new Letters([start("{}"), start("{}"), start('{"full":true}')]);

    // Act
    const redriven = await redriveStarts([queue], queue);

    // Assess
    expect(queue.inputs).toEqual(["{}", '{"full":true}']);
    expect(redriven).toEqual({ started: ["run-1", "run-2"], done: 3, left: [] });
    expect(queue.deleted).toBe(3);
  });

  test("leaves a call of a function that failed", async () => {
    // Prepare
    const call = { Body: "{}", MessageId: "m", MessageAttributes: { ErrorMessage: text("out of memory") } };
    const queue = new Letters([call]);

    // Act
    const redriven = await redriveStarts([queue], queue);

    // Assess
    expect(redriven.left).toEqual([expect.stringMatching(/^m came neither .* out of memory$/)]);
    expect([queue.inputs, queue.deleted]).toEqual([[], 0]);
  });

  test("keeps a message whose start fails again", async () => {
    // Prepare
    const queue = new Letters([start("{}")]);
    const machine = { start: () => Promise.reject(new Error("throttled")) };

    // Act
    const redriving = redriveStarts([queue], machine);

    // Assess
    await expect(redriving).rejects.toThrow("throttled");
    expect(queue.deleted).toBe(0);
  });
});

const text = (StringValue: string) => ({ DataType: "String", StringValue });

function start(Body: string): Message {
  return { Body, MessageAttributes: { SCHEDULE_ARN: text("arn:aws:scheduler:::schedule/covid/covid") } };
}

/** A dead-letter queue and the state machine that is started from it. */
class Letters {
  readonly inputs: string[] = [];
  deleted = 0;

  constructor(readonly messages: readonly Message[]) {}

  async *receive() {
    yield* this.messages;
  }

  async delete() {
    this.deleted += 1;
  }

  async start(input: string) {
    this.inputs.push(input);
    return { name: `run-${this.inputs.length}` };
  }
}
