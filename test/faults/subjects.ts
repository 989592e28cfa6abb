import { join } from "node:path";
import { compileCheckout } from "../support/processes/compiled-checkout";
import { covidCommand } from "./covid-subject";
import { DatabaseSubject } from "./database-subject";
import { DoctorSubject } from "./doctor-subject";
import { EmbeddedSubject } from "./embedded-subject";
import type { Subject } from "./fault";
import { FeedSubject } from "./feed-subject";
import { importCommand } from "./import-subject";
import { MetadataSubject } from "./metadata-subject";
import { OrdersSubject } from "./orders-subject";
import { scaffoldedCommand, scaffoldPipeline } from "./scaffolded-subject";
import type { FaultStage } from "./stage";

/** Every command. */
export async function createSubjects(stage: FaultStage): Promise<readonly Subject[]> {
  const { folder } = stage;
  const covid = covidCommand(folder);
  const covidTable = new DatabaseSubject(covid, stage);
  const checkout = await compileCheckout(await scaffoldPipeline(folder), join(folder, "compiled-scaffold"));
  const scaffolded = scaffoldedCommand(folder, checkout);
  return [
    covidTable,
    new FeedSubject(stage, covid, covidTable),
    new EmbeddedSubject(stage),
    ...[importCommand(folder, 1), importCommand(folder, 2), scaffolded].map((one) => new DatabaseSubject(one, stage)),
    new OrdersSubject(stage),
    new MetadataSubject(stage),
    new DoctorSubject(stage),
  ];
}
