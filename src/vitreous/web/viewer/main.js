// The page of one snapshot.

import { element } from "../elements.js";
import { Particles } from "../scene/particles.js";
import { Viewer, hasWebGL2 } from "../scene/viewer.js";
import { ViewerPage } from "./page.js";

const status = document.documentElement.dataset;
try {
  const particles = new Particles(JSON.parse(element("particles").textContent));
  const viewer = new Viewer(element("scene", HTMLCanvasElement), particles);
  const page = new ViewerPage(particles, viewer);
  Object.assign(window, { vitreous: { particles, viewer, camera: viewer.camera, page } });
  status.vitreous = "ready";
} catch (error) {
  const missing = !hasWebGL2();
  element("message").hidden = false;
  document.body.classList.add("failed");
  element("message").textContent = missing
    ? "This page draws with WebGL2, which this browser does not offer.\nOpen it in a current Firefox, "
      + "Chrome, Edge or Safari, or turn on hardware acceleration in the settings."
    : `The particles cannot be shown: ${error instanceof Error ? error.message : error}`;
  status.vitreous = missing ? "no-webgl2" : "error";
}
