// Comforts of a form: toolbar, counter, draft, preview. The form does all its work without them.

import { counters } from "./counter.js";
import { drafts } from "./draft.js";
import { previews } from "./preview.js";
import { toolbars } from "./toolbar.js";

toolbars(document);
counters(document);
previews(document);
drafts(document);
