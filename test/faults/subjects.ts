import { covidCommand } from "./covid-subject";
import { DatabaseSubject } from "./database-subject";
import { DoctorSubject } from "./doctor-subject";
import type { Subject } from "./fault";
import { importCommand } from "./import-subject";
import { MetadataSubject } from "./metadata-subject";
import { OrdersSubject } from "./orders-subject";
import type { FaultStage } from "./stage";

/** Every command. */
export function createSubjects(stage: FaultStage): readonly Subject[] {
  const loading = [covidCommand(stage.folder), importCommand(stage.folder, 1), importCommand(stage.folder, 2)];
  return [
    ...loading.map((command) => new DatabaseSubject(command, stage)),
    new OrdersSubject(stage.folder),
    new MetadataSubject(stage.folder),
    new DoctorSubject(stage),
  ];
}
