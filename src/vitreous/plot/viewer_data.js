// Particles as they stand in the page: a JSON header with one block of binary numbers as base64.

const ARRAY_TYPES = {
  float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array, uint16: Uint16Array,
};

function bytesFromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The numbers of N particles: positions about a centre, diameters, columns, box. Read only. */
class Particles {
  /** @param {object} header what vitreous.plot.page wrote */
  constructor(header) {
    const { buffer } = bytesFromBase64(header.data);
    const array = ({ dtype, offset, length }) => new ARRAY_TYPES[dtype](buffer, offset, length);
    this.n = header.n;
    this.title = header.title;
    this.source = header.source;
    this.box = header.box;
    this.view = header.view;
    this.center = header.center;
    this.colorBy = header.color_by;
    this.palettes = Object.fromEntries(
      Object.entries(header.palettes).map(([name, table]) => [name, bytesFromBase64(table)]));
    this.noValue = header.no_value;
    this.offsets = array(header.positions); // relative to the centre
    this.diameters = array(header.diameters);
    this.columns = header.columns.map((column) => ({ ...column, values: array(column.values) }));
    this.species = this.column("species");
  }

  column(name) {
    const found = this.columns.find((column) => column.name === name);
    if (!found) throw new RangeError(`there is no column ${name}`);
    return found;
  }

  /** Position of particle i as given, wrapped into the box. */
  position(i) {
    return [0, 1, 2].map((axis) => this.offsets[3 * i + axis] + this.center[axis]);
  }

  /** Everything known of particle i, as [label, text] pairs. */
  describe(i) {
    const rows = this.columns.map((column) => [column.name, columnText(column, i)]);
    const position = this.position(i).map((x) => numberText(x));
    rows.splice(1, 0, ["x", position[0]], ["y", position[1]], ["z", position[2]],
      ["diameter", numberText(this.diameters[i])]);
    return rows;
  }

  /** Which particles a filter on one column keeps; NaN is kept only if nothing is filtered. */
  count(column, low, high, speciesVisible) {
    const { values } = column;
    const codes = this.species.values;
    let kept = 0;
    for (let i = 0; i < this.n; i += 1) {
      if (!speciesVisible[codes[i]]) continue;
      const inside = (low === null || values[i] >= low) && (high === null || values[i] <= high);
      if (inside && (Number.isFinite(values[i]) || (low === null && high === null))) kept += 1;
    }
    return kept;
  }
}

function columnText(column, i) {
  const value = column.values[i];
  return column.kind === "category" ? column.categories[value] : numberText(value);
}

/** Six significant digits, a true minus, a dash for NaN and infinity. */
function numberText(value, digits = 6) {
  if (value === null || !Number.isFinite(value)) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value).replace("-", "−");
  const magnitude = Math.abs(value);
  const text = magnitude >= 1e-4 && magnitude < 1e7
    ? String(Number(value.toPrecision(digits)))
    : value.toExponential(digits - 2);
  return text.replaceAll("-", "−");
}
