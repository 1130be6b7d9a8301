// The pages work without this script. It only adds the comfort of GOV.UK Frontend: menus on small screens, focus on
// errors, no double clicks.
import { initAll } from "./govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
