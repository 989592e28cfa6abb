import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeLoadModel } from "../support/models/load-model";
import { describeFewRecords } from "../support/suites/load/few-records-suite";
import { describeHabitsOfTables } from "../support/suites/load/habits-suite";
import { describeLoad } from "../support/suites/load/load-suite";
import { describeNames } from "../support/suites/load/names-suite";
import { describeCuts, describePieces } from "../support/suites/load/pieces-suite";

describeLoad("PGlite", openPglite);
describeFewRecords("PGlite", openPglite);
describeHabitsOfTables("PGlite", openPglite);
describePieces("PGlite", openPglite);
describeCuts("PGlite", openPglite, ["C"]);
describeNames("PGlite", openPglite);
describeLoadModel("PGlite", openPglite, 50);
