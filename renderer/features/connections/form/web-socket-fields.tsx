import { PasswordInput, Switch, TextInput } from '@mantine/core';
import { formatQuantity } from '#app/base/format.ts';
import { RowList } from '#renderer/ui/row-list.tsx';
import { Disclosure } from './disclosure.tsx';
import { isWebSocket, secretField } from './draft.ts';
import { type TabProps, TextField } from './fields.tsx';
import { changeHeader, headerValue, secretNameOf } from './headers.ts';
import styles from './more.module.css';

/** What a WebSocket needs beside host and port: its path and, rarely, headers and a subprotocol. */
export function WebSocketFields(props: TabProps) {
  const { profile, change, problem } = props;
  const { webSocket } = profile;
  if (!isWebSocket(profile.protocol)) {
    return undefined;
  }
  const hasProblem =
    problem('webSocket.subprotocol') !== undefined ||
    webSocket.headers.some(
      (_, index) =>
        problem(`webSocket.headers.${index}.name`) !== undefined ||
        problem(`webSocket.headers.${index}.value`) !== undefined,
    );
  const summary = [
    ...(webSocket.headers.length === 0 ? [] : [formatQuantity(webSocket.headers.length, 'header')]),
    ...(webSocket.subprotocol === '' ? [] : [webSocket.subprotocol]),
  ].join(', ');
  return (
    <>
      <TextField
        label="Path"
        value={profile.path}
        onChange={(path) => change({ path })}
        error={problem('path')}
        description="Of the WebSocket endpoint. Most brokers use /mqtt; Mosquitto takes any."
        placeholder="/mqtt"
        mono
      />
      <Disclosure
        label="Headers and subprotocol"
        summary={summary === '' ? undefined : summary}
        isOpen={hasProblem}
      >
        <Headers {...props} />
        <TextField
          label="Subprotocol"
          value={webSocket.subprotocol}
          onChange={(subprotocol) => change({ webSocket: { ...webSocket, subprotocol: subprotocol.trim() } })}
          error={problem('webSocket.subprotocol')}
          placeholder={profile.mqttVersion === '3.1' ? 'mqttv3.1' : 'mqtt'}
          description="Only for servers that want another name."
          mono
        />
      </Disclosure>
    </>
  );
}

function Headers({ draft, profile, change, changeNamedSecret, problem }: TabProps) {
  const { webSocket, secretRefs } = profile;
  const { headers } = webSocket;
  const set = (index: number, patch: Partial<(typeof headers)[number]> | undefined) => {
    const changed = changeHeader({ headers, secretRefs, secrets: draft.secrets }, index, patch);
    change({ webSocket: { ...webSocket, headers: changed.headers } });
    for (const name of Object.keys(changed.secrets) as (keyof typeof changed.secrets)[]) {
      changeNamedSecret(name, changed.secrets[name]);
    }
  };
  return (
    <RowList
      legend="Headers"
      noun="header"
      rows={headers}
      rowClass={styles.header}
      onAdd={() =>
        change({
          webSocket: { ...webSocket, headers: [...headers, { name: '', value: '', secret: false }] },
        })
      }
      onRemove={(index) => set(index, undefined)}
    >
      {(header, index) => {
        const content = {
          'aria-label': `Header value ${index + 1}`,
          value: headerValue(draft, header),
          error: problem(`webSocket.headers.${index}.value`) ?? false,
          onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
            set(index, { value: event.currentTarget.value }),
        };
        return (
          <>
            <TextInput
              size="xs"
              aria-label={`Header name ${index + 1}`}
              placeholder="X-Api-Key"
              value={header.name}
              error={problem(`webSocket.headers.${index}.name`) ?? false}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => set(index, { name: event.currentTarget.value.trim() })}
            />
            {header.secret ? (
              <PasswordInput
                size="xs"
                autoComplete="new-password"
                placeholder={
                  header.name === '' ? '' : secretField(draft, secretNameOf(header.name)).placeholder
                }
                visibilityToggleButtonProps={{ 'aria-label': `Show header value ${index + 1}` }}
                {...content}
              />
            ) : (
              <TextInput size="xs" placeholder="value" spellCheck={false} autoComplete="off" {...content} />
            )}
            <Switch
              label="Secret"
              size="xs"
              checked={header.secret}
              onChange={(event) => set(index, { secret: event.currentTarget.checked })}
            />
          </>
        );
      }}
    </RowList>
  );
}
