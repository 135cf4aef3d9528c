import { Copy } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { CertificateObject } from '#app/contract/operations/main.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import css from './tls-slot.module.css';

/** The line that says what an object is, and until when it is good. */
export function ObjectSummary({ object }: { readonly object: CertificateObject }) {
  if (object.kind === 'private-key') {
    return (
      <p className={css.summary}>
        Private key{object.keyType === undefined ? '' : `, ${object.keyType}`}
        {object.encrypted === true ? ', encrypted' : ''}
      </p>
    );
  }
  const expiry = object.validTo === undefined ? undefined : expiryText(object.validTo, Date.now());
  return (
    <p className={css.summary}>
      <span className={css.subject}>{visibleText(object.subject ?? '')}</span>
      <span data-over={expiry?.isOver === true || undefined}>
        {expiry?.text ?? 'does not say when it ends'}
      </span>
    </p>
  );
}

/** All that may be shown of an object; a private key shows of itself only what is public. */
export function ObjectFacts({ object }: { readonly object: CertificateObject }) {
  const { subjectAltNames = [], keyUsage = [], fingerprint256, publicKeyId } = object;
  if (object.kind === 'private-key') {
    return (
      <dl className={css.facts}>
        <Fact name="Kind">{object.keyType ?? 'not known while it is locked'}</Fact>
        <Fact name="Stored">
          {object.encrypted === true ? 'encrypted, as it came' : 'without a passphrase'}
        </Fact>
        {publicKeyId !== undefined && <Code name="Public key SHA-256" value={withColons(publicKeyId)} />}
      </dl>
    );
  }
  return (
    <dl className={css.facts}>
      <Fact name="Subject">{visibleText(object.subject ?? '')}</Fact>
      <Fact name="Issuer">
        {object.subject === object.issuer ? 'itself' : visibleText(object.issuer ?? '')}
      </Fact>
      <Fact name="Names">
        {subjectAltNames.length === 0 ? 'none' : visibleText(subjectAltNames.join(', '))}
      </Fact>
      <Fact name="Valid from">{object.validFrom === undefined ? 'not known' : dayOf(object.validFrom)}</Fact>
      <Fact name="Valid until">
        {object.validTo === undefined ? 'not known' : describeExpiry(object.validTo, Date.now()).text}
      </Fact>
      <Fact name="Key">{object.keyType ?? 'not known'}</Fact>
      <Fact name="Key usage">{keyUsage.length === 0 ? 'any' : keyUsage.join(', ')}</Fact>
      {object.signatureAlgorithm !== undefined && (
        <Fact name="Signature">{visibleText(object.signatureAlgorithm)}</Fact>
      )}
      {object.serialNumber !== undefined && <Code name="Serial number" value={object.serialNumber} />}
      {fingerprint256 !== undefined && <Code name="SHA-256" value={fingerprint256} />}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A long number that is compared with another one somewhere else. */
function Code({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={css.code}>
        <span>{breakable(value)}</span>
        <IconButton
          compact
          icon={Copy}
          label={`Copy ${name}`}
          onClick={() =>
            attempt(async () => {
              await copyText(value);
              notify({ id: 'fact-copied', level: 'info', message: `${name} is copied.` });
            })
          }
        />
      </dd>
    </>
  );
}

const DAY = 86_400_000;

/** `2027-03-01, 99 days left` or `2024-03-01, expired 12 days ago`; `validTo` and `now` in ms since the epoch. */
export function describeExpiry(
  validTo: number,
  now: number,
): { readonly text: string; readonly isOver: boolean } {
  const date = dayOf(validTo);
  const days = Math.floor(Math.abs(validTo - now) / DAY);
  const span = days === 1 ? '1 day' : `${days} days`;
  return validTo < now
    ? { text: `${date}, expired ${days === 0 ? 'today' : `${span} ago`}`, isOver: true }
    : { text: `${date}, ${days === 0 ? 'ends today' : `${span} left`}`, isOver: false };
}

/** In a summary: `until 2027-03-01, 99 days left` or `ended 2024-03-01`; the advice says the rest. */
export function expiryText(
  validTo: number,
  now: number,
): { readonly text: string; readonly isOver: boolean } {
  const { text, isOver } = describeExpiry(validTo, now);
  return { text: isOver ? `ended ${dayOf(validTo)}` : `until ${text}`, isOver };
}

/** A date that no calendar has, as a broken certificate may hold, is said as such. */
function dayOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'an unknown day' : date.toISOString().slice(0, 10);
}

/** Lines break between bytes, not within. */
function breakable(value: string): ReactNode {
  return value.split(/(?<=:)/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the bytes of a number never move, and many are alike.
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}

/** As OpenSSL prints fingerprints. */
function withColons(hex: string): string {
  return hex.toUpperCase().replace(/..(?=.)/g, '$&:');
}
