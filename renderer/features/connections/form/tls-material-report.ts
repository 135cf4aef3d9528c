import { useEffect, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { TlsMaterialReport } from '#app/contract/operations/main.ts';
import type { Profile } from '#app/profile/profile.ts';
import { hasVariables } from '#app/profile/variables.ts';
import { engineClient } from '#renderer/client/engine.ts';

/** Name that the broker's certificate has to be for; empty where only an environment or a socket knows. */
export function expectedName({ tls, host, socketPath }: Profile): string {
  const name = tls.serverName === '' ? host : tls.serverName;
  return hasVariables(name) || (socketPath !== '' && tls.serverName === '') ? '' : name;
}

/** Asks the engine to judge the material whenever it changes; half a second after the last key stroke. */
export function useTlsReport(
  profileId: string | undefined,
  profile: Profile,
  passphrase: string | null | undefined,
): { readonly report: TlsMaterialReport | undefined; readonly failure: Failure | undefined } {
  const [report, setReport] = useState<TlsMaterialReport | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const { ca, certificate, key } = profile.tls;
  const host = expectedName(profile);
  useEffect(() => {
    if (ca.length === 0 && certificate === undefined && key === undefined) {
      setReport(undefined);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(
      async () => {
        try {
          const material = { profileId, ca, certificate, key, passphrase, host };
          const answer = await engineClient().main('certificates.report', material);
          if (isCurrent) {
            setReport(answer);
            setFailure(undefined);
          }
        } catch (error) {
          if (isCurrent) {
            setFailure(toFailure(error));
          }
        }
      },
      passphrase === undefined ? 0 : 300,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [profileId, ca, certificate, key, passphrase, host]);
  return { report, failure };
}
