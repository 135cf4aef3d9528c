import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { CertificateAdvice } from '#app/contract/operations/certificates.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import css from './tls-slot.module.css';

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;
const words = { error: 'Error:', warning: 'Warning:', info: 'Note:' } as const;

interface TlsAdviceProps {
  readonly advice: readonly CertificateAdvice[];
  /** Without icons, where the line has one already. */
  readonly isPlain?: boolean;
}

/** Findings about a file, a sentence each. */
export function TlsAdvice({ advice, isPlain = false }: TlsAdviceProps) {
  return advice.map(({ id, severity, message }) => {
    const Icon = icons[severity];
    return (
      <p key={id} className={css.advice} data-severity={severity}>
        {!isPlain && <Icon size={14} strokeWidth={1.75} aria-hidden />}
        <span>
          <span className="visually-hidden">{words[severity]} </span>
          {visibleText(message)}
        </span>
      </p>
    );
  });
}
