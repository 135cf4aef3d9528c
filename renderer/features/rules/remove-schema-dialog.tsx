import { Button, Modal } from '@mantine/core';
import { formatQuantity } from '#app/base/format.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import classes from './schemas.module.css';

interface RemoveSchemaDialogProps {
  readonly schema: PayloadSchema;
  /** Those that read by it. */
  readonly rules: readonly Rule[];
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

/** Filters that are named. */
const NAMED = 5;

/** Asks before a schema goes that rules read by: their messages are then shown as bytes. */
export function RemoveSchemaDialog({ schema, rules, onRemove, onClose }: RemoveSchemaDialogProps) {
  const filters = rules.slice(0, NAMED).map(({ filter }) => visibleText(filter));
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Remove the schema “${visibleText(schema.name)}”?`}
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <p>
          {formatQuantity(rules.length, 'rule')} {rules.length === 1 ? 'reads' : 'read'} by it.{' '}
          {rules.length === 1 ? 'Its' : 'Their'} messages will be shown as bytes until you choose another
          schema.
        </p>
        <ul className={classes.filters}>
          {filters.map((filter) => (
            <li key={filter}>{filter}</li>
          ))}
          {rules.length > NAMED && <li>and {rules.length - NAMED} more</li>}
        </ul>
        <div className={classes.buttons}>
          <Button variant="default" data-autofocus onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={onRemove}>Remove</Button>
        </div>
      </div>
    </Modal>
  );
}
