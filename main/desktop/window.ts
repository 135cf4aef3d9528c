import type { BrowserWindowConstructorOptions } from 'electron';

/** Size and place of the window as it was left. */
export interface WindowBounds {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly isMaximized: boolean;
}

export interface WindowOptions {
  readonly preload: string;
  readonly bounds: WindowBounds;
  readonly isDark: boolean;
  readonly isPackaged: boolean;
  readonly icon?: string | undefined;
}

/** The window's options. The same in development, under test and packaged, but for DevTools. */
export function windowOptions(options: WindowOptions): BrowserWindowConstructorOptions {
  const { x, y, width, height } = options.bounds;
  return {
    ...(x === undefined || y === undefined ? {} : { x, y }),
    width,
    height,
    minWidth: 800,
    minHeight: 500,
    show: false,
    title: 'Topicscope',
    // What is seen until the first paint: the page's own background.
    backgroundColor: options.isDark ? '#16181d' : '#ffffff',
    ...(options.icon === undefined ? {} : { icon: options.icon }),
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      devTools: !options.isPackaged,
      spellcheck: false,
    },
  };
}

const defaults: WindowBounds = { width: 1400, height: 900, isMaximized: false };

/** Stored bounds as far as they make sense on the displays that are there now. */
export function fitBounds(
  stored: unknown,
  displays: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[],
): WindowBounds {
  if (typeof stored !== 'object' || stored === null) {
    return defaults;
  }
  const values = stored as Readonly<Record<string, unknown>>;
  const number = (name: string) => {
    const value = values[name];
    return typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : undefined;
  };
  const width = Math.max(800, number('width') ?? defaults.width);
  const height = Math.max(500, number('height') ?? defaults.height);
  const size = { width, height, isMaximized: values.isMaximized === true };
  const x = number('x');
  const y = number('y');
  if (x === undefined || y === undefined) {
    return size;
  }
  // The title bar has to be within reach: a display may have been unplugged.
  const isReachable = displays.some(
    (display) =>
      x + width > display.x + 100 &&
      x < display.x + display.width - 100 &&
      y >= display.y &&
      y < display.y + display.height - 50,
  );
  return isReachable ? { ...size, x, y } : size;
}
