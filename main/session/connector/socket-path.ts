import { connect, type Socket } from 'node:net';
import { ConnectError, errorFacts, lasting, passing, type Verdict } from './verdict.ts';

/**
 * Connects to a Unix domain socket, or to a named pipe on Windows (`\\.\pipe\name`). Throws a ConnectError, or the
 * signal's reason. `platform` is for tests.
 */
export function openSocketPath(
  path: string,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<Socket> {
  const problem = socketPathProblem(path, platform);
  if (problem !== undefined) {
    return Promise.reject(new ConnectError(problem));
  }
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = connect({ path });
    const finish = () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      // An error between here and the next stage's own listener must not bring the process down.
      socket.on('error', () => undefined);
    };
    const onAbort = () => {
      finish();
      socket.destroy();
      reject(signal.reason);
    };
    const onError = (error: Error) => {
      finish();
      reject(new ConnectError(explainSocketPath(error, path)));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('connect', () => {
      finish();
      resolve(socket);
    });
  });
}

/** Bytes of a path in `sockaddr_un` with its ending zero: Linux has 108, macOS and the BSDs 104. */
const maxPathBytes: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 107, darwin: 103 };

/** What can be known to be wrong without asking the system. */
export function socketPathProblem(path: string, platform: NodeJS.Platform): Verdict | undefined {
  const isPipe = /^\\\\[.?]\\pipe\\./i.test(path);
  if (platform === 'win32' && !isPipe) {
    return lasting(
      'socket.unsupported',
      'Windows has no Unix sockets that Topicscope could use.',
      'Enter a named pipe (\\\\.\\pipe\\NAME), or leave the socket empty and use host and port.',
    );
  }
  if (platform !== 'win32' && path.startsWith('\\\\')) {
    return lasting(
      'socket.unsupported',
      'Named pipes are a thing of Windows.',
      'Enter the path of a Unix socket, or leave it empty and use host and port.',
    );
  }
  if (platform !== 'win32' && !path.startsWith('/')) {
    return lasting(
      'socket.path',
      'The path of the socket does not begin at the root.',
      'Enter the whole path, such as /run/mosquitto/mqtt.sock.',
    );
  }
  if (platform !== 'win32' && Buffer.byteLength(path) > (maxPathBytes[platform] ?? 103)) {
    return lasting(
      'socket.path',
      `The path of the socket is too long: the system takes ${maxPathBytes[platform] ?? 103} bytes.`,
      'Have the broker listen at a shorter path, or make a symbolic link to it.',
    );
  }
  return undefined;
}

/** Why no connection to the socket came about. */
export function explainSocketPath(error: unknown, path: string): Verdict {
  const facts = errorFacts(error);
  switch (facts.code) {
    case 'ENOENT':
      return passing(
        'socket.not-found',
        `There is no socket at ${path}.`,
        'Check the path, and that the broker runs: it makes the socket when it starts.',
        facts.detail,
      );
    case 'ECONNREFUSED':
      return passing(
        'socket.refused',
        `Nothing listens at ${path}.`,
        'The broker does not run, or left an old socket behind: start it. A file that is no socket looks the same.',
        facts.detail,
      );
    case 'EACCES':
    case 'EPERM':
      return lasting(
        'socket.denied',
        `This user may not use the socket ${path}.`,
        'Have the broker give the socket wider permissions, or join the group that may write to it.',
        facts.detail,
      );
    case 'ENOTSOCK':
    case 'EPROTOTYPE':
    case 'ENOTDIR':
      return lasting(
        'socket.no-socket',
        `${path} is not a socket that takes connections.`,
        'Check the path.',
        facts.detail,
      );
    default:
      return passing(
        'socket.failed',
        `No connection to ${path} came about.`,
        'Check the path, and that the broker runs.',
        facts.detail,
      );
  }
}
