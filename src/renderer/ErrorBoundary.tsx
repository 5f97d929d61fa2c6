/** Where an error in a part of the page ends: in words, with a way on. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import classes from './errorBoundary.module.css';

interface Props {
  /** What has stopped, to begin the sentence with. */
  readonly part: string;
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(`${this.props.part} has stopped`, error, info.componentStack);
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div role="alert" className={classes.box}>
        <h2>{this.props.part} has stopped because of an error in GeoStream.</h2>
        <p>Nothing in Kafka was changed by it. Reload the window to go on; your layers and the view come back.</p>
        <button type="button" className={classes.reload} onClick={() => window.location.reload()}>
          Reload
        </button>
        <p className={classes.detail}>{error.message}</p>
      </div>
    );
  }
}
