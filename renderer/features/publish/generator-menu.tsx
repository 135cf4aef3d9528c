import { Menu } from '@mantine/core';
import { Braces } from 'lucide-react';
import { generatorHelp } from '#app/generate/generators.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import styles from './publish.module.css';

/** What may stand in double braces, with what each makes; a click hands it on. */
export function GeneratorMenu({ onInsert }: { readonly onInsert: (usage: string) => void }) {
  return (
    <Menu position="bottom-end" width={340} returnFocus={false}>
      <Menu.Target>
        <IconButton icon={Braces} label="Generators" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Filled in with each message</Menu.Label>
        {generatorHelp.map(({ usage, makes }) => (
          <Menu.Item key={usage} className={styles.generator ?? ''} onClick={() => onInsert(usage)}>
            <code className={styles.usage}>{usage}</code>
            <span className={styles.makes}>{makes}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
