import { Button, PasswordInput } from '@mantine/core';
import { CircleAlert, FileText, Lock, X } from 'lucide-react';
import { useState } from 'react';
import { formatQuantity } from '#app/base/format.ts';
import type { ImportedFile, ImportKind } from '#app/contract/operations/transfer.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import classes from './transfer.module.css';

const kinds: Readonly<Record<ImportKind, string>> = {
  topicscope: 'Export of Topicscope',
  'mqtt-explorer': 'MQTT Explorer',
  mqttx: 'MQTTX',
  mqttfx: 'MQTT.fx',
  'mqtt-spy': 'mqtt-spy',
  'command-line': 'Mosquitto command line',
  certificate: 'Certificate or key',
  unknown: 'Not known',
};

interface ImportFilesProps {
  readonly files: readonly ImportedFile[];
  /** The first so many are dropped files; what follows is the command line. */
  readonly removable: number;
  onRemove(index: number): void;
  onPassphrase(passphrase: string): void;
}

/** What each file turned out to be, and what is wrong with it. */
export function ImportFiles({ files, removable, onRemove, onPassphrase }: ImportFilesProps) {
  const isLocked = files.some(({ seal }) => seal === 'locked');
  return (
    <>
      <ul className={classes.files} aria-label="Files">
        {files.map((file, index) => {
          const Icon = file.seal === 'locked' ? Lock : file.problem === undefined ? FileText : CircleAlert;
          return (
            <li
              key={`${file.kind} ${file.name}`}
              className={classes.file}
              data-bad={file.problem !== undefined || undefined}
            >
              <Icon size={14} strokeWidth={1.75} aria-hidden />
              <div className={classes.fileWords}>
                <span>
                  <span className={classes.fileName}>{visibleText(file.name)}</span>
                  <span className={classes.quietInline}>
                    {kinds[file.kind]}
                    {file.items > 0 ? `, ${formatQuantity(file.items, 'connection')}` : ''}
                  </span>
                </span>
                {file.problem !== undefined && <p className={classes.problem}>{visibleText(file.problem)}</p>}
                {file.notes.map((note) => (
                  <p key={note} className={classes.quiet}>
                    {note}
                  </p>
                ))}
              </div>
              {index < removable && (
                <IconButton compact icon={X} label={`Remove ${file.name}`} onClick={() => onRemove(index)} />
              )}
            </li>
          );
        })}
      </ul>
      {isLocked && <PassphraseField onPassphrase={onPassphrase} />}
    </>
  );
}

/** Trying a passphrase costs a second of work by intent, so it is tried on request and not with each letter. */
function PassphraseField({ onPassphrase }: { onPassphrase(passphrase: string): void }) {
  const [text, setText] = useState('');
  return (
    <form
      className={classes.unlock}
      onSubmit={(event) => {
        event.preventDefault();
        onPassphrase(text);
      }}
    >
      <PasswordInput
        label="Passphrase of the export"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <Button type="submit" variant="default" disabled={text === ''}>
        Open
      </Button>
    </form>
  );
}
