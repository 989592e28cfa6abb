import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeHabitsOfTables } from "../support/habits-suite";
import { describeLoadModel } from "../support/load-model";
import { describeLoad } from "../support/load-suite";
import { describeNames } from "../support/names-suite";
import { describeCuts, describePieces } from "../support/pieces-suite";

describeLoad("PGlite", openPglite);
describeHabitsOfTables("PGlite", openPglite);
describePieces("PGlite", openPglite);
describeCuts("PGlite", openPglite);
describeNames("PGlite", openPglite);
describeLoadModel("PGlite", openPglite, 50);
