import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '#app/contract/settings.ts';
import { proxyFieldProblems } from '#app/profile/transport-problems.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useEngineData, useSettings } from '#renderer/state/engine-data.ts';
import { ProxyEditor } from '#renderer/ui/proxy-editor.tsx';
import classes from './settings-menu.module.css';

type ProxyChoice = Pick<Settings['proxy'], 'kind' | 'host' | 'port' | 'username'>;

/** The proxy for all connections that do not choose one themselves. Nothing counts before “Apply proxy”. */
export function ProxySettings() {
  const { proxy: stored } = useSettings();
  const [edited, setEdited] = useState<ProxyChoice | undefined>(undefined);
  /** As in the form of a connection: `undefined` keeps what is stored. */
  const [password, setPassword] = useState<string | null | undefined>(undefined);
  const [isChecked, setChecked] = useState(false);
  const { passwordRef, ...kept } = stored;
  const value = edited ?? kept;
  const isChanged = edited !== undefined || password !== undefined;
  const hasPassword = password === undefined ? passwordRef !== undefined : Boolean(password);
  const problems = proxyFieldProblems(value, hasPassword);
  const errors = isChecked ? Object.fromEntries(problems.map(({ field, message }) => [field, message])) : {};
  const isKept = passwordRef !== undefined && password === undefined;

  const apply = () => {
    setChecked(true);
    if (problems.length === 0) {
      attempt(async () => {
        const proxy = { ...value, ...(password === undefined ? {} : { password }) };
        const settings = await engineClient().main('settings.change', { proxy });
        useEngineData.setState({ settings });
        setEdited(undefined);
        setPassword(undefined);
        setChecked(false);
      });
    }
  };

  return (
    <section aria-label="Proxy for all connections" className={classes.proxy}>
      <ProxyEditor
        value={value}
        kinds={['none', 'system', 'http', 'socks5']}
        onChange={({ kind, ...rest }) => setEdited({ kind: kind === 'settings' ? 'none' : kind, ...rest })}
        password={{ value: password ?? '', placeholder: isKept ? 'Kept in the vault' : '' }}
        onPassword={(text) => setPassword(text === '' ? undefined : text)}
        errors={errors}
        description="For all connections that do not choose one themselves, but not to this machine. Counts from the next attempt."
      />
      {isKept && (value.kind === 'http' || value.kind === 'socks5') && (
        <button type="button" className={classes.link} onClick={() => setPassword(null)}>
          Remove the kept proxy password
        </button>
      )}
      {isChanged && (
        <Button size="compact-sm" className={classes.apply} onClick={apply}>
          Apply proxy
        </Button>
      )}
    </section>
  );
}
