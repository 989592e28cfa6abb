import { covidCommand } from "./covid/covid-command";
import { exportCommand } from "./export/export-command";
import { importCommand } from "./export/import-command";
import { doctorCommand } from "./feed/doctor-command";
import { feedCommand } from "./feed/feed-command";
import { mendCommand } from "./mend/mend-command";
import { rejectedCommand } from "./mend/rejected-command";
import { metadataCommand } from "./metadata-command";
import { ordersCommand } from "./orders/orders-command";
import { pagesCommand } from "./pages-command";
import { proveCommand } from "./prove/prove-command";
import { asOfCommand } from "./undo/as-of-command";
import { undoCommand } from "./undo/undo-command";

/** One entry per pipeline, `feed`, `doctor`, `pages`, for rejected rows, exports, the history of tables, and proofs of runs; each command calls `setExitCode` at its run's end. */
export const commands = [
  covidCommand,
  ordersCommand,
  metadataCommand,
  feedCommand,
  doctorCommand,
  pagesCommand,
  rejectedCommand,
  mendCommand,
  exportCommand,
  importCommand,
  undoCommand,
  asOfCommand,
  proveCommand,
];
