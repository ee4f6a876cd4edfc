// Which particles are in clusters of which type, one bit each.

import { bytesFromBase64 } from "../scene/particles.js";

/** @typedef {{types: string[], members: number[], bits: string}} ClusterData numbers of members; bits as base64 */

export class ClusterTable {
  /** @param {ClusterData} data */
  constructor({ types, members, bits }) {
    this.types = types;
    this.members = members;
    this.bits = bytesFromBase64(bits);
    this.stride = types.length ? this.bits.length / types.length : 0; // bytes a type
  }

  /**
   * 1 if particle i is in a cluster of the k-th type, else 0.
   * @param {number} k
   * @param {number} i
   */
  has(k, i) {
    return (this.bits[k * this.stride + (i >> 3)] >> (i & 7)) & 1;
  }

  /** @param {number} i */
  typesOf(i) {
    return this.types.filter((_, k) => this.has(k, i));
  }

  /**
   * How many particles are in clusters of that type.
   * @param {string} type
   */
  membersOf(type) {
    return this.members[this.types.indexOf(type)] ?? 0;
  }

  /**
   * Fill a column with 1 for the members of a type, 0 for the others.
   * @param {{values: {[i: number]: number, length: number}}} column
   * @param {string} type
   */
  fill({ values }, type) {
    const k = this.types.indexOf(type);
    for (let i = 0; i < values.length; i += 1) values[i] = k < 0 ? 0 : this.has(k, i);
  }
}
