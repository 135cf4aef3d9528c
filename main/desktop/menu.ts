import type { MenuItemConstructorOptions } from 'electron';

/**
 * The application menu: only what the platform expects there (editing, zoom, windows). Topicscope's own commands
 * are in the page, in one registry, and need no second list here.
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  isPackaged: boolean,
): readonly MenuItemConstructorOptions[] {
  const development: MenuItemConstructorOptions[] = isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'toggleDevTools' }];
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    { role: 'fileMenu' },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...development,
      ],
    },
    { role: 'windowMenu' },
  ];
}
