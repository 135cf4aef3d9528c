import type { Session, WebContents } from 'electron';
import { APP_ORIGIN, APP_SCHEME, isAppUrl, isWebUrl } from './origin.ts';

/** What the page may ask the platform for: to write text to the clipboard, and nothing else. */
const allowedPermissions = new Set(['clipboard-sanitized-write']);

/** Addresses that a page may load: its own, what it made itself, and DevTools in development. */
const allowedSchemes = new Set([`${APP_SCHEME}:`, 'blob:', 'data:', 'devtools:']);

/** Denies navigation, new windows and webviews. Links to the web go to the user's browser. */
export function hardenContents(contents: WebContents, openExternal: (url: string) => void): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isWebUrl(url)) {
      openExternal(url);
    }
    return { action: 'deny' };
  });
}

/** Denies all permissions but one, all devices, all requests to elsewhere, and downloads that the page did not make. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(isPermissionAllowed(permission, details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isPermissionAllowed(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, callback) =>
    callback({ cancel: !isRequestAllowed(details.url) }),
  );
  session.on('will-download', (event, item) => {
    if (!isDownloadAllowed(item.getURL())) {
      event.preventDefault();
    }
  });
}

export function isPermissionAllowed(permission: string, requestingUrl: string): boolean {
  return allowedPermissions.has(permission) && isAppUrl(requestingUrl);
}

export function isRequestAllowed(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { protocol } = new URL(url);
  return protocol === `${APP_SCHEME}:` ? isAppUrl(url) : allowedSchemes.has(protocol);
}

/** A payload that is saved to a file is a blob of our page. */
export function isDownloadAllowed(url: string): boolean {
  return url.startsWith(`blob:${APP_ORIGIN}/`);
}
