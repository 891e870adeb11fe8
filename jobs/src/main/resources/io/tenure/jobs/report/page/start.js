"use strict";
/* Everything is there: draw. */
Tenure.segmentControl(document.getElementById("segment-control"));
for (const name of ["retention", "activity", "growth", "churn", "survival", "usage", "funnel", "revenue", "drivers", "warning"]) {
  const section = document.getElementById(name);
  if (section) Tenure[name](section);
}
document.documentElement.dataset.ready = "true";
