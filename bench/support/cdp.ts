/** A bare line to one page over the Chrome DevTools Protocol: no event domain is on, so that measuring costs nothing. */
export interface PageLine {
  /** Evaluates an expression in the page, awaits its promise and returns its value. */
  evaluate<T>(expression: string): Promise<T>;
  /** A real key stroke, as the browser's own input pipeline delivers it. */
  send(method: string, params: object): Promise<unknown>;
  close(): void;
}

/** Opens the line to the first page of a browser that listens on `port`. */
export async function openPageLine(port: number): Promise<PageLine> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
    type: string;
    webSocketDebuggerUrl: string;
  }[];
  const page = targets.find(({ type }) => type === 'page');
  if (page === undefined) {
    throw new Error('The browser has no page.');
  }
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('The DevTools line did not open.'));
  });
  const pending = new Map<number, (message: { result?: object; error?: { message: string } }) => void>();
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as { id: number; result?: object; error?: { message: string } };
    pending.get(message.id)?.(message);
    pending.delete(message.id);
  };
  let next = 1;
  const send = (method: string, params: object) =>
    new Promise<unknown>((resolve, reject) => {
      const id = next++;
      pending.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(error.message)),
      );
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    send,
    async evaluate<T>(expression: string): Promise<T> {
      const answer = (await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })) as {
        result: { value: T };
        exceptionDetails?: { text: string; exception?: { description?: string } };
      };
      if (answer.exceptionDetails !== undefined) {
        throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
      }
      return answer.result.value;
    },
    close: () => socket.close(),
  };
}
