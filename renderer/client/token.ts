const KEY = 'topicscope-token';

/**
 * The access token of the server host. It arrives in the URL's fragment, which browsers never send to a server;
 * it is moved to this tab's session storage at once and erased from the address.
 */
export function readToken(): string | undefined {
  const match = /^#token=([\w-]+)$/.exec(location.hash);
  if (match?.[1] !== undefined) {
    sessionStorage.setItem(KEY, match[1]);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY) ?? undefined;
}

/** Keeps what the user typed where the server asks for its access password. */
export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}
