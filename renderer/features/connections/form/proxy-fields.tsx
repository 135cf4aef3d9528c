import { ProxyEditor } from '#renderer/ui/proxy-editor.tsx';
import { secretField } from './draft.ts';
import type { TabProps } from './fields.tsx';
import styles from './form.module.css';

const unset = { kind: 'settings', host: '', port: 3128, username: '' } as const;

/** The proxy of this connection: that of the settings unless another is chosen. */
export function ProxyFields({ draft, profile, change, changeNamedSecret, problem }: TabProps) {
  const { proxy } = profile;
  const isKept = secretField(draft, 'proxyPassword').placeholder !== '';
  return (
    <>
      <ProxyEditor
        value={proxy ?? unset}
        kinds={['settings', 'none', 'system', 'http', 'socks5']}
        onChange={({ kind, ...rest }) =>
          change({ proxy: kind === 'settings' ? undefined : { kind, ...rest } })
        }
        password={secretField(draft, 'proxyPassword')}
        onPassword={(text) => changeNamedSecret('proxyPassword', text === '' ? undefined : text)}
        errors={{
          host: problem('proxy.host'),
          port: problem('proxy.port'),
          username: problem('proxy.username'),
        }}
        description={
          proxy === undefined
            ? 'The proxy of the settings (the gear at the top right), if one is set.'
            : undefined
        }
      />
      {isKept && (proxy?.kind === 'http' || proxy?.kind === 'socks5') && (
        <button
          type="button"
          className={styles.textButton}
          onClick={() => changeNamedSecret('proxyPassword', null)}
        >
          Remove the kept proxy password
        </button>
      )}
    </>
  );
}
