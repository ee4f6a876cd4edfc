// Style of the JavaScript; names and types are the business of tsc.

import js from "@eslint/js";

export default [
  { ignores: [".venv/", "docs/", "build/", "dist/"] },
  js.configs.recommended,
  {
    rules: {
      "no-undef": "off",
      eqeqeq: "error",
      "max-lines": ["error", 350],
      "no-shadow": "error",
      "no-var": "error",
      "one-var": ["error", "never"],
      "prefer-const": "error",
    },
  },
];
