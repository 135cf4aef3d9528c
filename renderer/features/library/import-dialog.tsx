import { Button, Modal, NativeSelect, Textarea } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { formatQuantity } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { type ReadMessages, SHARED } from '#app/library/saved-message.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import classes from './library.module.css';
import { textOfFile } from './use-library.ts';

interface ImportDialogProps {
  readonly profileId: string;
  readonly onImport: (messages: ReadMessages['messages'], ownerId: string) => void;
  readonly onClose: () => void;
}

/** Takes messages over from a file or a pasted text; shows what was found before anything is kept. */
export function ImportDialog({ profileId, onImport, onClose }: ImportDialogProps) {
  const fileInput = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [owner, setOwner] = useState(profileId);
  const [read, setRead] = useState<ReadMessages | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const look = async (source: Promise<string>) => {
    setRead(undefined);
    setFailure(undefined);
    try {
      const found = await source;
      setText(found);
      setRead(await engineClient().main('library.read', { text: found }));
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  const count = read?.messages.length ?? 0;
  return (
    <Modal
      opened
      onClose={onClose}
      title="Import messages"
      size={640}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way; the button is the other */}
      <div
        className={classes.dialog}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes('Files')) {
            event.preventDefault();
          }
        }}
        onDrop={(event) => {
          const [file] = event.dataTransfer.files;
          if (file !== undefined) {
            event.preventDefault();
            void look(textOfFile(file));
          }
        }}
      >
        <p className={classes.note}>
          A file that was exported here, MQTT.fx’s mqttfx-config.xml, or commands of mosquitto_pub, which are
          read and never run.
        </p>
        <Textarea
          aria-label="Text to import"
          placeholder={'mosquitto_pub -t line/1/set -m \'{"on": true}\' -q 1'}
          data-autofocus
          autosize
          minRows={5}
          maxRows={12}
          spellCheck={false}
          classNames={{ input: classes.mono ?? '' }}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setRead(undefined);
          }}
        />
        <input
          ref={fileInput}
          type="file"
          hidden
          aria-label="File with messages"
          accept=".json,.xml,.txt,.sh"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file !== undefined) {
              void look(textOfFile(file));
            }
          }}
        />
        {failure !== undefined && <FailureNote failure={failure} />}
        {read !== undefined && (
          <div role="status" className={classes.found}>
            <p>{formatQuantity(count, 'message')} found:</p>
            <ul>
              {read.messages.slice(0, 8).map(({ name, folder, message }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes, with equal entries
                <li key={index}>
                  {folder !== '' && `${visibleText(folder)} / `}
                  {visibleText(name)} {name !== message.topic && <code>{visibleText(message.topic)}</code>}
                </li>
              ))}
              {count > 8 && <li>and {count - 8} more</li>}
            </ul>
            {read.notes.slice(0, 8).map((note) => (
              <p key={note}>{note}</p>
            ))}
          </div>
        )}
        <div className={classes.buttons}>
          <Button
            size="xs"
            variant="default"
            leftSection={<FileUp size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => fileInput.current?.click()}
          >
            File…
          </Button>
          <span className={classes.space} />
          <NativeSelect
            aria-label="Import for"
            size="xs"
            value={owner}
            data={[
              { value: profileId, label: 'This connection' },
              { value: SHARED, label: 'All connections' },
            ]}
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
          {read === undefined ? (
            <Button size="xs" disabled={text.trim() === ''} onClick={() => void look(Promise.resolve(text))}>
              Look
            </Button>
          ) : (
            <Button size="xs" onClick={() => onImport(read.messages, owner)}>
              Import {formatQuantity(count, 'message')}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
