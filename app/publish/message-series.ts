import type { GeneratorContext } from '../generate/generators.ts';
import { type Environment, variablesOf } from '../profile/variables.ts';

/** Where chance and identifiers come from. */
export interface SeriesSources {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly uuid: () => string;
}

/** Messages that follow each other: where `{{seq}}` and `{{sine …}}` stand. They begin with the first message. */
export class MessageSeries {
  readonly #sources: SeriesSources;
  #startedAt: number | undefined;
  #index = 0;

  constructor(sources: SeriesSources) {
    this.#sources = sources;
  }

  /** What generators make for the next message, or one that comes `ahead` of it. */
  context(environment: Environment | undefined, ahead = 0): GeneratorContext {
    const now = this.#sources.now();
    return {
      now,
      startedAt: this.#startedAt ?? now,
      index: this.#index + ahead,
      random: this.#sources.random,
      uuid: this.#sources.uuid,
      variables: variablesOf(environment),
    };
  }

  /** So many messages were made. */
  advance(messages: number): void {
    this.#startedAt ??= this.#sources.now();
    this.#index += messages;
  }
}
