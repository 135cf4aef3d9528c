import { NativeSelect, Switch } from '@mantine/core';
import { authenticationMethods } from '#app/profile/profile.ts';
import { KeyValueEditor } from '#renderer/ui/key-value-editor.tsx';
import { fieldOrder, NumberField, type TabProps } from './fields.tsx';
import styles from './form.module.css';

/** CONNECT properties of MQTT 5.0; for older versions the tab says that they are not sent. */
export function Mqtt5Tab({ profile, change, problem }: TabProps) {
  const { mqtt5 } = profile;
  const set = (patch: { [K in keyof typeof mqtt5]?: (typeof mqtt5)[K] | undefined }) => {
    const next = Object.fromEntries(
      Object.entries({ ...mqtt5, ...patch }).filter(([, value]) => value !== undefined),
    );
    change({ mqtt5: { userProperties: mqtt5.userProperties, ...next } });
  };
  return (
    <div className={styles.tab}>
      {profile.mqttVersion !== '5.0' && (
        <p className={styles.note} role="note">
          This connection uses MQTT {profile.mqttVersion}: these properties are kept, and sent with MQTT 5.0
          only.
        </p>
      )}
      <div className={styles.pair}>
        <NumberField
          label="Session expiry"
          unit="s"
          value={profile.sessionExpiryInterval}
          onChange={(value) => change({ sessionExpiryInterval: value ?? Number.NaN })}
          error={problem('sessionExpiryInterval')}
          description="How long the broker keeps the session after a loss. 0 ends it, 4294967295 never."
        />
        <NumberField
          label="Receive maximum"
          value={mqtt5.receiveMaximum}
          onChange={(receiveMaximum) => set({ receiveMaximum })}
          error={problem('mqtt5.receiveMaximum')}
          placeholder="65535"
          description="QoS 1 and 2 messages on their way to us at once."
        />
      </div>
      <div className={styles.pair}>
        <NumberField
          label="Maximum packet size"
          unit="bytes"
          value={mqtt5.maximumPacketSize}
          onChange={(maximumPacketSize) => set({ maximumPacketSize })}
          error={problem('mqtt5.maximumPacketSize')}
          placeholder="no limit"
          description="The broker withholds anything larger."
        />
        <NativeSelect
          label="Authentication method"
          size="xs"
          inputWrapperOrder={fieldOrder}
          value={mqtt5.authenticationMethod ?? ''}
          data={[
            { value: '', label: 'None' },
            ...authenticationMethods.map((value) => ({ value, label: value })),
          ]}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            set({ authenticationMethod: authenticationMethods.find((method) => method === chosen) });
          }}
          error={problem('mqtt5.authenticationMethod') ?? false}
          description="SCRAM proves username and password without sending the password."
        />
      </div>
      <Switch
        label="Request problem information"
        description="The broker may explain refusals in words."
        checked={mqtt5.requestProblemInformation ?? true}
        onChange={(event) => set({ requestProblemInformation: event.currentTarget.checked })}
        size="xs"
      />
      <Switch
        label="Request response information"
        description="The broker may name a topic for our responses."
        checked={mqtt5.requestResponseInformation ?? false}
        onChange={(event) => set({ requestResponseInformation: event.currentTarget.checked })}
        size="xs"
      />
      <KeyValueEditor
        label="User properties"
        rows={mqtt5.userProperties}
        onChange={(userProperties) => set({ userProperties: [...userProperties] })}
      />
    </div>
  );
}
