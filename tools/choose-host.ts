import type { CommandLine } from '../main/services/command-line.ts';

/** What the choice of a host depends on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** Makes sure that Electron's binary is there, or says why it is not. */
  readonly fetchElectron: () => Promise<string | undefined>;
}

export interface HostChoice {
  readonly host: 'desktop' | 'server';
  /** One line for the user. */
  readonly reason: string;
}

/** Desktop when there is a display, the user is not root, and Electron is there or can be had soon; otherwise server. */
export async function chooseHost(
  options: CommandLine,
  { platform, env, isRoot, fetchElectron }: Surroundings,
): Promise<HostChoice> {
  if (options.host === 'server') {
    return { host: 'server', reason: 'asked for with --server' };
  }
  if (options.address !== undefined || options.port !== undefined || !options.open) {
    return { host: 'server', reason: 'asked for with an option of the server' };
  }
  const obstacle = findObstacle(platform, env, isRoot, options.host === 'desktop') ?? (await fetchElectron());
  if (obstacle !== undefined) {
    return { host: 'server', reason: `the desktop app can’t run: ${obstacle}` };
  }
  return {
    host: 'desktop',
    reason:
      options.host === 'desktop' ? 'asked for with --desktop' : 'there are a display and Electron’s binary',
  };
}

function findObstacle(
  platform: NodeJS.Platform,
  env: Surroundings['env'],
  isRoot: boolean,
  isAskedFor: boolean,
): string | undefined {
  const hasDisplay =
    platform === 'win32' || platform === 'darwin' || isSet(env.DISPLAY) || isSet(env.WAYLAND_DISPLAY);
  if (!hasDisplay) {
    return 'there is no display';
  }
  if (isRoot && platform === 'linux') {
    return 'the user is root, and Chromium’s sandbox does not run as root';
  }
  return !isAskedFor && isSet(env.SSH_CONNECTION) && platform === 'darwin'
    ? 'this is a remote shell'
    : undefined;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
