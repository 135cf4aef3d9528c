import { Popover, SegmentedControl } from '@mantine/core';
import { Settings as SettingsIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AppInfo } from '#app/contract/operations/main.ts';
import type { Settings } from '#app/contract/settings.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { setTheme } from '#renderer/state/actions.ts';
import { useSettings } from '#renderer/state/engine-data.ts';
import { resetLayout } from '#renderer/state/layout.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { ProxySettings } from './proxy-settings.tsx';
import classes from './settings-menu.module.css';

const themes: readonly { readonly value: Settings['theme']; readonly label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** The gear at the right end of the tabs: theme, layout, proxy, and what this Topicscope is. */
export function SettingsMenu() {
  const [isOpen, setOpen] = useState(false);
  const { theme } = useSettings();

  useCommand({
    id: 'settings.open',
    label: 'Settings',
    group: 'Window',
    shortcut: 'mod+,',
    keywords: ['preferences', 'about', 'version'],
    run: () => setOpen((before) => !before),
  });

  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={360} trapFocus withinPortal>
      <Popover.Target>
        <IconButton
          icon={SettingsIcon}
          label="Settings"
          shortcut="mod+,"
          onClick={() => setOpen((before) => !before)}
        />
      </Popover.Target>
      <Popover.Dropdown aria-label="Settings" className={classes.menu}>
        <div className={classes.row}>
          <span id="settings-theme">Theme</span>
          <SegmentedControl
            aria-labelledby="settings-theme"
            data={[...themes]}
            value={theme}
            onChange={(value) => attempt(() => setTheme(value as Settings['theme']))}
          />
        </div>
        <div className={classes.row}>
          <span>Layout</span>
          <button type="button" className={classes.link} onClick={resetLayout}>
            Back to how it came
          </button>
        </div>
        {isOpen && <ProxySettings />}
        {isOpen && <About />}
      </Popover.Dropdown>
    </Popover>
  );
}

function About() {
  const [info, setInfo] = useState<AppInfo | undefined>(undefined);
  useEffect(() => {
    attempt(async () => setInfo(await engineClient().main('app.info', {})));
  }, []);
  if (info === undefined) {
    return undefined;
  }
  return (
    <dl className={classes.about}>
      <dt>Topicscope</dt>
      <dd>
        {info.version}, {info.host === 'desktop' ? 'desktop' : 'in the browser'}, {info.platform}
      </dd>
      <dt>Data</dt>
      <dd className={classes.path}>{info.dataDirectory}</dd>
      <dt>Secrets</dt>
      <dd>
        {info.vault.kind}
        {info.vault.weak !== undefined && <p className={classes.weak}>{info.vault.weak}</p>}
      </dd>
    </dl>
  );
}
