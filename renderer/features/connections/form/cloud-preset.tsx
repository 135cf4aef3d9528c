import { NativeSelect } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { type Preset, presetAdvice, withPreset } from '#app/cloud/preset.ts';
import { findPreset, presets } from '#app/cloud/presets.ts';
import styles from './cloud-preset.module.css';
import type { TabProps } from './fields.tsx';

const groups = [...new Set(presets.map(({ group }) => group))].map((group) => ({
  group,
  items: presets
    .filter((preset) => preset.group === group)
    .map(({ id, label }) => ({ value: id, label: `${group}: ${label}` })),
}));

/** A pick of a broker or service that fills the form, and below it what one needs to know of it. */
export function CloudPreset({ profile, change }: TabProps) {
  const preset = findPreset(profile.presetId);
  return (
    <>
      <NativeSelect
        label="Preset"
        size="xs"
        value={preset?.id ?? ''}
        data={[{ value: '', label: 'None: any MQTT broker' }, ...groups]}
        onChange={(event) => {
          const wanted = findPreset(event.currentTarget.value);
          change((current) =>
            wanted === undefined ? { presetId: undefined } : withPreset(current, wanted, presets),
          );
        }}
      />
      {preset !== undefined && <Explanation preset={preset} advice={presetAdvice(profile, preset)} />}
    </>
  );
}

function Explanation({ preset, advice }: { readonly preset: Preset; readonly advice: readonly string[] }) {
  return (
    <section className={styles.explanation} aria-label="About this preset">
      {preset.explanation.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {advice.length > 0 && (
        <ul className={styles.advice}>
          {advice.map((sentence) => (
            <li key={sentence}>
              <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
              {sentence}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
