import { useState } from 'react';
import { charsetCodecs } from '#app/payload/charset-codec.ts';
import { codecById, codecs } from '#app/payload/registry.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useEngineData, useSettings } from '#renderer/state/engine-data.ts';

/** Lets the engine choose the view for each message. */
export const AUTO = 'auto';

/** All choices of "View as", as a native select has them. */
export const viewChoices = [
  { value: AUTO, label: 'Auto' },
  ...codecs.map(({ id, label }) => ({ value: id, label })),
  {
    group: 'Text in another charset',
    items: charsetCodecs.map(({ id, label }) => ({ value: id, label })),
  },
];

/** The name of a view: `JSON`; `Template` for `template:0f3a…`; `label` is what the engine calls it. */
export function viewLabel(id: string, label?: string): string {
  if (id === AUTO) {
    return 'Auto';
  }
  const [kind = ''] = id.split(':');
  return codecById(id)?.label ?? label ?? codecById(kind)?.label ?? (kind === 'template' ? 'Template' : id);
}

/** The view chosen for a topic, and how to choose another: it stays with the topic of that profile. */
export function useViewChoice(
  profileId: string,
  topic: string | undefined,
): readonly [string, (id: string) => void] {
  const key = `${profileId}\n${topic ?? ''}`;
  const stored = useSettings().views[key];
  /** Shown at once, until the engine has it. */
  const [chosen, setChosen] = useState<{ readonly key: string; readonly id: string } | undefined>(undefined);
  const choose = (id: string) => {
    setChosen({ key, id });
    attempt(async () => {
      const settings = await engineClient().main('settings.change', {
        views: { [key]: id === AUTO ? null : id },
      });
      useEngineData.setState({ settings });
      setChosen(undefined);
    });
  };
  const wanted = chosen?.key === key ? chosen.id : stored;
  // A view that this version does not know (any more) is as good as none.
  return [wanted !== undefined && codecById(wanted) !== undefined ? wanted : AUTO, choose];
}
