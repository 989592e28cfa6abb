import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeLoadModel } from "../support/models/load-model";
import { describeFewRecords } from "../support/suites/few-records-suite";
import { describeHabitsOfTables } from "../support/suites/habits-suite";
import { describeLoad } from "../support/suites/load-suite";
import { describeNames } from "../support/suites/names-suite";
import { describeCuts, describePieces } from "../support/suites/pieces-suite";

describeLoad("PGlite", openPglite);
describeFewRecords("PGlite", openPglite);
describeHabitsOfTables("PGlite", openPglite);
describePieces("PGlite", openPglite);
describeCuts("PGlite", openPglite, ["C"]);
describeNames("PGlite", openPglite);
describeLoadModel("PGlite", openPglite, 50);
