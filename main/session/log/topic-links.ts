/** The newest row of each topic in either direction, from which the `previous` column is made. */
export class TopicLinks {
  /** By topic id; 0: none. */
  #newest = new Float64Array(1024);

  newestOf(topicId: number): number {
    return this.#newest[topicId] ?? 0;
  }

  /** Reads what {@link link} will need of these topics, all at once; see `TopicTree.prefetch`. */
  prefetch(topicIds: Uint32Array, count: number): number {
    const newest = this.#newest;
    let sum = 0;
    for (let index = 0; index < count; index++) {
      sum += newest[topicIds[index]!] ?? 0;
    }
    return sum;
  }

  /** Makes `sequence` the newest of its topic and returns its distance from the one before; 0: none, or too far. */
  link(topicId: number, sequence: number): number {
    if (topicId >= this.#newest.length) {
      const larger = new Float64Array(Math.max(topicId + 1, Math.ceil(this.#newest.length * 1.5)));
      larger.set(this.#newest);
      this.#newest = larger;
    }
    const previous = this.#newest[topicId] ?? 0;
    this.#newest[topicId] = sequence;
    const distance = sequence - previous;
    return previous === 0 || distance > 0xffff_ffff ? 0 : distance;
  }
}
