import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { visibleText } from '#app/payload/visible-text.ts';
import classes from './scripts.module.css';

interface ScriptCommandsProps {
  readonly names: readonly string[];
  readonly onCommand: (name: string, argument: string) => void;
}

/** The commands of a script that runs, and the text that they are given. */
export function ScriptCommands({ names, onCommand }: ScriptCommandsProps) {
  const [argument, setArgument] = useState('');
  return (
    <fieldset className={classes.commands} aria-label="Commands of the script">
      {names.map((name) => (
        <Button key={name} size="compact-xs" variant="default" onClick={() => onCommand(name, argument)}>
          {visibleText(name)}
        </Button>
      ))}
      <TextInput
        aria-label="Argument of the commands"
        placeholder="Argument"
        size="xs"
        maxLength={10_000}
        value={argument}
        onChange={(event) => setArgument(event.currentTarget.value)}
      />
    </fieldset>
  );
}
