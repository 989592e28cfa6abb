import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import { callScheduled, scheduled } from "../observe/scheduled-call";

const BUCKET = "millrace-dev-pages-123456789012";

/** The pages of pipelines that a queue feeds, which the clock of `pages.refresh` makes, an hour here. */
export function queuePagesSuite(world: () => { readonly cloud: Cloud }): void {
  test("have pages that the clock makes, with their index; and no customer is on them", async () => {
    // Act
    const { cloud } = world();
    const written: unknown[] = [];
    const clocks: string[] = [];
    for (const name of ["orders-render", "metadata-render", "pages"]) {
      const called = await scheduled(cloud, `millrace-dev-${name}`);
      clocks.push(called.ScheduleExpression);
      written.push(await callScheduled(cloud, called));
    }

    // Assess
    const index = "pages/index.html";
    expect(clocks).toEqual(Array(3).fill("rate(1 hour)"));
    expect(written).toEqual([
      { written: ["pages/orders/index.html", index] },
      { written: ["pages/metadata/index.html", index] },
      { written: [index] },
    ]);
    const orders = await read("pages/orders/index.html");
    expect(orders).toContain("<b>corrected/20230828</b>");
    expect(orders).toMatch(/id="rejected-rows"[\s\S]*bad\/20230828/);
    expect(orders).not.toMatch(/Doe|Zoë/);
    expect(await read("pages/metadata/index.html")).toContain("text/plain");
    const listed = await read(index);
    for (const name of ["orders", "metadata"]) expect(listed).toContain(`<a href="${name}/index.html">${name}</a>`);
  }, 120_000);

  async function read(Key: string): Promise<string> {
    const { Body } = await new S3Client(world().cloud.client).send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return (await Body?.transformToString()) ?? "";
  }
}
