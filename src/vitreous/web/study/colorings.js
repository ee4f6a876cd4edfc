// By what particles can be coloured.

/** @import { Range } from "../scene/viewer.js" */

/** @type {Record<string, {option: string, palette: string, range: Range}>} */
export const COLORINGS = {
  p_red_averaged: { option: "P̄ red, local average", palette: "red", range: "sigma" },
  p_red: { option: "P red, each particle", palette: "red", range: "sigma" },
  cage_averaged: { option: "Cage, local average", palette: "red", range: "sigma" },
  propensity: { option: "Propensity at δt", palette: "red", range: "sigma" },
  cluster: { option: "Cluster type (TCC)", palette: "members", range: "extent" },
  species: { option: "Species", palette: "red", range: "sigma" },
};
