// The page of a study.

import { element } from "../elements.js";
import { StudyPage } from "./page.js";
import { Study } from "./study.js";

try {
  const study = new Study(JSON.parse(element("study").textContent));
  const page = new StudyPage(study);
  Object.assign(window, { vitreous: { study, page, views: page.views, camera: page.camera } });
  document.documentElement.dataset.vitreous = "ready";
} catch (error) {
  element("failure").hidden = false;
  element("failure").textContent = `The page cannot be shown: ${error instanceof Error ? error.message : error}`;
  document.documentElement.dataset.vitreous = "error";
  throw error;
}
