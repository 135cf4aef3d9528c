import { NativeSelect } from '@mantine/core';
import type { Profile } from '#app/profile/profile.ts';
import { isWebSocket } from './draft.ts';
import { fieldOrder, type TabProps, TextField } from './fields.tsx';
import styles from './form.module.css';
import more from './more.module.css';
import { ProxyFields } from './proxy-fields.tsx';

const families: readonly { readonly value: Profile['addressFamily']; readonly label: string }[] = [
  { value: 'any', label: 'Any' },
  { value: 'ipv4', label: 'IPv4' },
  { value: 'ipv6', label: 'IPv6' },
];

/** How the host is reached: by which addresses, through which proxy, or by a socket of this machine. */
export function NetworkFields(props: TabProps) {
  const { profile, change, problem } = props;
  return (
    <fieldset className={more.section}>
      <legend>Network</legend>
      <ProxyFields {...props} />
      <div className={styles.pair}>
        <NativeSelect
          label="Address family"
          size="xs"
          inputWrapperOrder={fieldOrder}
          value={profile.addressFamily}
          data={[...families]}
          onChange={(event) =>
            change({ addressFamily: event.currentTarget.value as Profile['addressFamily'] })
          }
          error={problem('addressFamily') ?? false}
          description="Which addresses of the host are tried."
        />
        {(!isWebSocket(profile.protocol) || profile.socketPath !== '') && (
          <TextField
            label="Unix socket"
            value={profile.socketPath}
            onChange={(socketPath) => change({ socketPath: socketPath.trim() })}
            error={problem('socketPath')}
            placeholder="/run/mosquitto.sock"
            description="Dialled instead of host and port, on the machine that Topicscope runs on."
            mono
          />
        )}
      </div>
    </fieldset>
  );
}
