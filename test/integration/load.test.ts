import { openPglite } from "../../etl/adapters/pglite";
import { describeLoadModel } from "../support/load-model";
import { describeLoad } from "../support/load-suite";

describeLoad("PGlite", openPglite);
describeLoadModel("PGlite", openPglite, 50);
