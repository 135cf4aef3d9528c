import { NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import styles from './proxy-editor.module.css';

/** A proxy as it is edited; `settings` stands for the choice made elsewhere for all. */
export interface ProxyValue {
  readonly kind: 'settings' | 'none' | 'system' | 'http' | 'socks5';
  readonly host: string;
  readonly port: number;
  readonly username: string;
}

const labels: Readonly<Record<ProxyValue['kind'], string>> = {
  settings: 'As in settings',
  none: 'None',
  system: 'System',
  http: 'HTTP CONNECT',
  socks5: 'SOCKS5',
};

const customaryPorts = { http: 3128, socks5: 1080 } as const;

interface ProxyEditorProps {
  readonly value: ProxyValue;
  /** Which choices there are, in their order. */
  readonly kinds: readonly ProxyValue['kind'][];
  readonly onChange: (value: ProxyValue) => void;
  readonly password: { readonly value: string; readonly placeholder: string };
  /** An empty text: keep what is stored. */
  readonly onPassword: (password: string) => void;
  readonly errors: Readonly<Partial<Record<'host' | 'port' | 'username', string | undefined>>>;
  /** What the choice means, where it needs words. */
  readonly description?: string | undefined;
}

/** Which proxy stands in between, with its address and sign-in where it has any. */
export function ProxyEditor(props: ProxyEditorProps) {
  const { value, kinds, onChange, password, onPassword, errors, description } = props;
  const choose = (kind: ProxyValue['kind']) => {
    const isNamed = kind === 'http' || kind === 'socks5';
    const isCustomary = Object.values(customaryPorts).some((port) => port === value.port);
    onChange({ ...value, kind, port: isNamed && isCustomary ? customaryPorts[kind] : value.port });
  };
  return (
    <div className={styles.proxy}>
      <NativeSelect
        label="Proxy"
        size="xs"
        value={value.kind}
        data={kinds.map((kind) => ({ value: kind, label: labels[kind] }))}
        onChange={(event) => choose(event.currentTarget.value as ProxyValue['kind'])}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        description={description}
      />
      {(value.kind === 'http' || value.kind === 'socks5') && (
        <>
          <div className={styles.address}>
            <TextInput
              label="Proxy host"
              size="xs"
              value={value.host}
              onChange={(event) => onChange({ ...value, host: event.currentTarget.value.trim() })}
              error={errors.host ?? false}
              placeholder="proxy.example.com"
              spellCheck={false}
              autoComplete="off"
              styles={{ input: { fontFamily: 'var(--font-mono)' } }}
            />
            <NumberInput
              label="Proxy port"
              size="xs"
              value={Number.isNaN(value.port) ? '' : value.port}
              onChange={(port) => onChange({ ...value, port: typeof port === 'number' ? port : Number.NaN })}
              error={errors.port ?? false}
              clampBehavior="none"
              allowDecimal={false}
              allowNegative={false}
              hideControls
            />
          </div>
          <div className={styles.signIn}>
            <TextInput
              label="Proxy username"
              size="xs"
              value={value.username}
              onChange={(event) => onChange({ ...value, username: event.currentTarget.value })}
              error={errors.username ?? false}
              spellCheck={false}
              autoComplete="off"
              styles={{ input: { fontFamily: 'var(--font-mono)' } }}
            />
            <PasswordInput
              label="Proxy password"
              size="xs"
              autoComplete="new-password"
              value={password.value}
              placeholder={password.placeholder}
              onChange={(event) => onPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show proxy password' }}
            />
          </div>
        </>
      )}
    </div>
  );
}
