import { FailureError } from '#app/contract/failure.ts';
import type { FromSession, ProxyTarget, ToSession } from './control.ts';
import type { ConnectionSettings } from './settings.ts';

type Answer = Extract<ToSession, { readonly type: 'proxy' }>;

/** Asks the main process for the system's proxy: a session's thread can't see it. */
export class ProxyAsks {
  readonly #post: (message: FromSession) => void;
  readonly #open = new Map<number, (answer: Answer) => void>();
  #next = 1;

  constructor(post: (message: FromSession) => void) {
    this.#post = post;
  }

  /** `undefined`: straight there. Rejects with the failure of a proxy that can't be used. */
  async ask(target: ProxyTarget): Promise<ConnectionSettings['proxy']> {
    const ask = this.#next++;
    const answer = await new Promise<Answer>((resolve) => {
      this.#open.set(ask, resolve);
      this.#post({ type: 'proxyAsked', ask, target });
    });
    if (answer.failure !== undefined) {
      throw new FailureError(answer.failure);
    }
    return answer.proxy;
  }

  answer(answer: Answer): void {
    const resolve = this.#open.get(answer.ask);
    this.#open.delete(answer.ask);
    resolve?.(answer);
  }
}
