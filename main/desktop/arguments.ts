/** Switches of Chromium and Electron, which share the command line with ours. */
const foreignSwitch =
  /^(--?(no-sandbox|ozone-|disable-|enable-|force-|password-store|remote-|inspect|lang=|proxy-|use-|in-process|single-process|log-|vmodule|v=|gtk-version|original-process|allow-|js-flags|touch-|high-dpi)|-psn_)/;

/** Our own part of the arguments of a desktop process. */
export function ownArguments(argv: readonly string[], isPackaged: boolean): readonly string[] {
  // Packaged: the program itself comes first. In development: Electron, then the folder of the app.
  return argv.slice(isPackaged ? 1 : 2).filter((argument) => !foreignSwitch.test(argument));
}

/** Arguments that another process of ours handed over: anything may come from there. */
export function handedArguments(data: unknown): readonly string[] {
  const args = typeof data === 'object' && data !== null && 'args' in data ? data.args : undefined;
  return Array.isArray(args)
    ? args.filter((each): each is string => typeof each === 'string').slice(0, 20)
    : [];
}
