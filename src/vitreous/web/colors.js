// Colours of lines and text in drawings, those of style.css.

export const INK = "#1d2126";
export const QUIET = "#5b636d";
export const FRAME = "#8a9199";
