import type { Moment } from '#app/contract/operations/timeline.ts';

/** What a {@link Seeker} asks and tells. */
export interface SeekerPort {
  at(time: number): Promise<Moment>;
  /** `undefined`: no message is kept. */
  step(sequence: number, by: number): Promise<Moment | undefined>;
  onMoment(moment: Moment): void;
  /** Nothing newer was left to step to. */
  onEnd(): void;
  onFailure(error: unknown): void;
}

type Wish = { readonly kind: 'time'; readonly at: number } | { readonly kind: 'steps'; readonly by: number };

/**
 * Turns what the user wants of the slider into moments, one question at a time: while one is on its way, of times the
 * latest is kept, and steps are added up.
 */
export class Seeker {
  readonly #port: SeekerPort;
  #wish: Wish | undefined;
  #isAsking = false;
  /** Counts up with each cancel: answers to what was asked before do not count. */
  #era = 0;
  /** Where steps begin. */
  #sequence = 0;

  constructor(port: SeekerPort) {
    this.#port = port;
  }

  seek(at: number): void {
    this.#wish = { kind: 'time', at };
    this.#ask();
  }

  /** So many messages on, from the moment that was reached last, or else from `sequence`. */
  step(by: number, sequence: number): void {
    if (!this.#isAsking) {
      this.#sequence = sequence;
    }
    const last = this.#wish?.kind === 'steps' ? this.#wish.by : 0;
    if (this.#wish?.kind !== 'time') {
      this.#wish = { kind: 'steps', by: last + by };
    }
    this.#ask();
  }

  /** Forgets what is wanted, and what is on its way. */
  cancel(): void {
    this.#wish = undefined;
    this.#era += 1;
    this.#isAsking = false;
  }

  #ask(): void {
    const wish = this.#wish;
    if (this.#isAsking || wish === undefined) {
      return;
    }
    this.#wish = undefined;
    this.#isAsking = true;
    const era = this.#era;
    const from = this.#sequence;
    const answer: Promise<Moment | undefined> =
      wish.kind === 'time' ? this.#port.at(wish.at) : this.#port.step(from, wish.by);
    const end = () => {
      if (era === this.#era) {
        this.#isAsking = false;
        this.#ask();
      }
    };
    answer.then(
      (moment) => {
        if (era === this.#era) {
          const isAtEnd = wish.kind === 'steps' && wish.by > 0 && moment?.sequence === from;
          if (moment !== undefined && !isAtEnd) {
            this.#sequence = moment.sequence;
            this.#port.onMoment(moment);
          } else if (isAtEnd) {
            this.#port.onEnd();
          }
        }
        end();
      },
      (error: unknown) => {
        if (era === this.#era) {
          this.#port.onFailure(error);
        }
        end();
      },
    );
  }
}
