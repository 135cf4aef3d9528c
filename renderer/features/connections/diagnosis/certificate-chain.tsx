import { Button } from '@mantine/core';
import { Copy, ShieldCheck } from 'lucide-react';
import type { PresentedCertificate } from '#app/contract/session-state.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import classes from './certificate-chain.module.css';
import { describeValidity } from './validity.ts';

interface CertificateChainProps {
  /** The server's own first. */
  readonly certificates: readonly PresentedCertificate[];
  readonly isOpen: boolean;
  readonly onTrust?: ((certificate: PresentedCertificate) => void) | undefined;
}

/** What a server presented about itself, each certificate with what it is good for and until when. */
export function CertificateChain({ certificates, isOpen, onTrust }: CertificateChainProps) {
  const own = certificates[0];
  return (
    <details className={classes.chain} open={isOpen}>
      <summary>Presented certificates ({certificates.length})</summary>
      <ol aria-label="Presented certificates" className={classes.list}>
        {certificates.map((certificate, index) => (
          <li key={certificate.fingerprint256}>
            <details className={classes.certificate} open={index === 0}>
              <summary>
                <span className={classes.subject}>{visibleText(certificate.subject)}</span>
                <span className={classes.role}>{roleOf(certificate, index)}</span>
              </summary>
              <Facts certificate={certificate} />
            </details>
          </li>
        ))}
      </ol>
      {own !== undefined && onTrust !== undefined && (
        <div className={classes.trust}>
          <p>
            If this can’t be mended, compare the fingerprint with the one that the broker’s operator tells
            you. If they are equal, this very certificate can be trusted for this connection, whoever issued
            it.
          </p>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<ShieldCheck size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => onTrust(own)}
          >
            Trust this certificate
          </Button>
        </div>
      )}
    </details>
  );
}

function roleOf(certificate: PresentedCertificate, index: number): string {
  if (index === 0) {
    return certificate.selfSigned ? 'the broker’s own, signed by itself' : 'the broker’s own';
  }
  return certificate.selfSigned ? 'root' : 'intermediate';
}

function Facts({ certificate }: { readonly certificate: PresentedCertificate }) {
  const { subject, issuer, names, validFrom, validTo, fingerprint256, pem } = certificate;
  const validity = describeValidity(validFrom, validTo, Date.now());
  return (
    <dl className={classes.facts}>
      <dt>Subject</dt>
      <dd>{visibleText(subject)}</dd>
      <dt>Issuer</dt>
      <dd>{visibleText(issuer)}</dd>
      <dt>Names</dt>
      <dd>{names.length === 0 ? 'none' : names.map((name) => visibleText(name)).join(', ')}</dd>
      <dt>Valid</dt>
      <dd data-level={validity.isValid ? undefined : 'error'}>{validity.text}</dd>
      <dt>SHA-256</dt>
      <dd className={classes.code}>{fingerprint256}</dd>
      {pem !== undefined && (
        <dd className={classes.copy}>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<Copy size={12} strokeWidth={1.75} aria-hidden />}
            onClick={() =>
              attempt(async () => {
                await copyText(pem);
                notify({ id: 'pem-copied', level: 'info', message: 'The certificate is copied as PEM.' });
              })
            }
          >
            Copy as PEM
          </Button>
        </dd>
      )}
    </dl>
  );
}
