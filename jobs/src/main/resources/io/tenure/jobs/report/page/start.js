"use strict";
/* Everything is there: draw. */
Tenure.segmentControl(document.getElementById("segment-control"));
for (const name of ["retention", "activity", "growth", "churn", "survival", "usage"]) {
  Tenure[name](document.getElementById(name));
}
document.documentElement.dataset.ready = "true";
