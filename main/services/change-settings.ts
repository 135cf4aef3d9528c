import type { z } from 'zod';
import type { Settings, settingsPatchSchema } from '#app/contract/settings.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import type { SettingsStore } from './settings-store.ts';

/** Takes over what a window changed. The password of the proxy goes to the vault, the settings keep its ref. */
export function changeSettings(
  settings: SettingsStore,
  secrets: SecretKeeper,
  patch: z.output<typeof settingsPatchSchema>,
): Promise<Settings> {
  const { proxy, ...rest } = patch;
  if (proxy === undefined) {
    return settings.change(rest);
  }
  const { password, ...address } = proxy;
  return secrets.replace(
    password,
    () => settings.current.proxy.passwordRef,
    (passwordRef) =>
      settings.change({
        ...rest,
        proxy: { ...address, ...(passwordRef === undefined ? {} : { passwordRef }) },
      }),
  );
}
