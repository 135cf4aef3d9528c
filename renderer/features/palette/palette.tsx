import { createSpotlight, Spotlight, type SpotlightActionGroupData, useSpotlight } from '@mantine/spotlight';
import { Search } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { type Command, enabledCommands } from '#renderer/commands/registry.ts';
import { runCommand } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { ShortcutHint } from '#renderer/ui/shortcut-hint.tsx';
import classes from './palette.module.css';
import { paletteGroups } from './palette-groups.ts';

/** Milliseconds until the closed palette has given the focus back: commands that move it start from there. */
const RETURN_TIME = 40;
/** Milliseconds after which keys are left alone again, whatever became of the palette. */
const CATCH_TIME = 1000;

const [store, spotlight] = createSpotlight();

/** Gives the palette's field a key. */
function press(code: 'Enter' | 'ArrowDown'): void {
  document
    .querySelector(`input.${classes.search}`)
    ?.dispatchEvent(new KeyboardEvent('keydown', { key: code, code, bubbles: true, cancelable: true }));
}

/**
 * Takes the letters that are typed before the palette's field has the focus: who types on at once loses none,
 * and an Enter after them counts once the field is there.
 */
function catchKeys(onKey: (key: string) => void): void {
  let isEntered = false;
  const end = () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', onKeyDown, { capture: true });
    window.removeEventListener('focusin', onFocus);
  };
  const onFocus = ({ target }: FocusEvent) => {
    if (target instanceof HTMLInputElement && target.classList.contains(classes.search ?? '')) {
      end();
      if (isEntered) {
        // Once the list has taken over what was typed.
        setTimeout(() => press('Enter'), RETURN_TIME);
      }
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      isEntered = true;
    } else if (
      event.key.length === 1 &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey &&
      !event.isComposing
    ) {
      event.preventDefault();
      event.stopPropagation();
      onKey(event.key);
    }
  };
  const timer = setTimeout(end, CATCH_TIME);
  window.addEventListener('keydown', onKeyDown, { capture: true });
  window.addEventListener('focusin', onFocus);
}

/** The command palette: everything that can be done now, found by a few letters. */
export function Palette() {
  const [query, setQuery] = useState('');
  const [commands, setCommands] = useState<readonly Command[]>([]);

  useCommand({
    id: 'palette.open',
    label: 'Show all commands',
    group: 'Window',
    shortcut: 'mod+K',
    run: () => {
      spotlight.open();
      catchKeys((key) => setQuery((before) => before + key));
    },
  });

  const actions = useMemo(
    () =>
      paletteGroups(commands, query).map(
        ({ group, commands: found }): SpotlightActionGroupData => ({
          group,
          actions: found.map((command) => ({
            id: command.id,
            label: command.label,
            rightSection:
              command.shortcut === undefined ? undefined : <ShortcutHint shortcut={command.shortcut} />,
            onClick: () => setTimeout(() => runCommand(command), RETURN_TIME),
          })),
        }),
      ),
    [commands, query],
  );

  // The best answer is the chosen one from the start: Enter runs it. (Mantine chooses it after the first letter only.)
  const { opened } = useSpotlight(store);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after the list has changed
  useEffect(() => {
    if (opened) {
      const frame = requestAnimationFrame(() => {
        if (store.getState().selected < 0) {
          press('ArrowDown');
        }
      });
      return () => cancelAnimationFrame(frame);
    }
    return undefined;
  }, [opened, actions]);

  return (
    <Spotlight
      store={store}
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      // What is enabled depends on the moment: ask when it opens, before the palette itself has the focus.
      onSpotlightOpen={() => setCommands(enabledCommands().filter(({ id }) => id !== 'palette.open'))}
      filter={(_query, found) => found}
      shortcut={null}
      nothingFound="No command by that name."
      scrollable
      maxHeight={420}
      size={560}
      radius="md"
      centered={false}
      yOffset="12vh"
      overlayProps={{ backgroundOpacity: 0.2, blur: 0 }}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Commands' } }}
      classNames={{
        content: classes.content ?? '',
        search: classes.search ?? '',
        action: classes.action ?? '',
        actionsList: classes.list ?? '',
        actionsGroup: classes.group ?? '',
        actionLabel: classes.label ?? '',
        actionSection: classes.section ?? '',
        empty: classes.empty ?? '',
      }}
      searchProps={{
        placeholder: 'What do you want to do?',
        'aria-label': 'Command',
        leftSection: <Search size={16} strokeWidth={1.75} aria-hidden />,
      }}
    />
  );
}
