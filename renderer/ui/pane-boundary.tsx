import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { toFailure } from '#app/contract/failure.ts';
import { FailureNote } from './failure-note.tsx';

interface PaneBoundaryProps {
  /** What broke, for the button: `Show Topics again`. */
  readonly name: string;
  readonly children: ReactNode;
}

/** Keeps a pane that broke from taking the others along: shows what happened and draws it anew on request. */
export class PaneBoundary extends Component<PaneBoundaryProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error('Unknown error') };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) {
      return this.props.children;
    }
    return (
      <FailureNote
        failure={toFailure(this.state.error)}
        actions={
          <Button variant="default" onClick={() => this.setState({ error: undefined })}>
            Show {this.props.name} again
          </Button>
        }
      />
    );
  }
}
